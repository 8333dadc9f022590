"""The fix on the screen, as a learner reads it."""

from __future__ import annotations

import textwrap
from dataclasses import replace

import pytest

from trigrad.contracts.schema import Kind
from trigrad.hints import Hints
from trigrad.repair.result import Change, Repair
from trigrad.report.fixes import repair_lines
from trigrad.report.locations import span
from trigrad.report.withholding import withheld
from trigrad.subject.face import Where
from trigrad.verdict.results import LayerReport, Verdict


def change(line: int, before: str, after: str, cell: int | None = 2, file: str = "n.py") -> Change:
    """Lines of `file` that become others."""
    return Change(Where(file, cell, line), before, after)


def layer(*changes: Change, suspects: tuple[Where, ...] = (), cell: int | None = 2) -> LayerReport:
    """A MulLayer in lines 3-16 that fails, with this repair."""
    where = Where("n.py", cell, 3)
    return LayerReport(
        *("MulLayer", "MulLayer", Kind.LAYER, Verdict.FAIL, where),
        lines={"": (3, 16), "backward": (11, 16)},
        repair=Repair(changes, suspects),
    )


def told(mended: LayerReport, hints: Hints = Hints.FIX) -> str:
    """What is said of the repair."""
    return "\n".join(line.plain for line in repair_lines(withheld(mended, hints), hints))


def lines(text: str) -> str:
    """The text as it stands below a layer, four columns in."""
    return textwrap.indent(textwrap.dedent(text).strip("\n"), "    ")


TWO = (
    change(14, "        dx = dout + self.y", "        dx = dout * self.y"),
    change(15, "        dy = dout + self.x", "        dy = dout * self.x"),
)
LONG = "        dx = np.matmul(dout, self.W.transpose(1, 0))  # as the formula on page 148 has it"


class TestFix:
    def test_before_and_after_on_one_line(self) -> None:
        assert told(layer(*TWO)) == lines("""
            verified fix (with it, every check passes):
              14   dx = dout + self.y   →   dx = dout * self.y
              15   dy = dout + self.x   →   dy = dout * self.x
        """)

    def test_with_a_drawback_not_every_check_passes(self) -> None:
        lossy = layer(TWO[0])
        assert lossy.repair is not None
        repair = replace(lossy.repair, drawbacks=("it no longer works for: labels",))
        assert told(replace(lossy, repair=repair)) == lines("""
            verified fix (with it, every check that must pass passes):
              14   dx = dout + self.y   →   dx = dout * self.y
              but afterwards: it no longer works for: labels
        """)

    def test_two_lines_in_one_change_read_the_same(self) -> None:
        one = change(14, "\n".join(c.before for c in TWO), "\n".join(c.after for c in TWO))
        assert told(layer(one)) == told(layer(*TWO))

    def test_lines_that_stay_are_not_shown(self) -> None:
        assert told(layer(change(9, "  a = 1\n  b = 2", "  a = 1\n  b = 3"))) == lines("""
            verified fix (with it, every check passes):
              10   b = 2   →   b = 3
        """)

    def test_what_does_not_fit_stands_below_each_other(self) -> None:
        assert told(layer(change(9, LONG, LONG.replace("(1, 0)", "(0, 1)")))) == lines("""
            verified fix (with it, every check passes):
              9 - dx = np.matmul(dout, self.W.transpose(1, 0))  # as the formula on page 148 has it
              9 + dx = np.matmul(dout, self.W.transpose(0, 1))  # as the formula on page 148 has it
        """)

    @pytest.mark.parametrize(("more", "rows"), [(0, 2), (1, 3)])
    def test_up_to_92_characters_fit(self, more: int, rows: int) -> None:
        short = "a = 1"
        width = 92 - len(f"      14   {short}   →   ") + more
        shown = told(layer(change(14, short, "b" * width))).split("\n")
        assert len(shown) == rows
        assert (len(shown[1]) == 92) is (more == 0)

    def test_a_line_put_in(self) -> None:
        assert told(layer(change(16, "", "        return dx, dy"))) == lines("""
            verified fix (with it, every check passes):
              16 + return dx, dy   (a new line, to insert before line 16)
        """)

    def test_lines_put_in_keep_their_own_indentation(self) -> None:
        assert told(layer(change(9, "", "    if a:\n        b = 1"))) == lines("""
            verified fix (with it, every check passes):
               9 + if a:   (new lines, to insert before line 9)
              10 +     b = 1
        """)

    def test_a_line_taken_out(self) -> None:
        assert told(layer(change(9, "        x = x.shape", ""))) == lines("""
            verified fix (with it, every check passes):
              9 - x = x.shape   (removed)
        """)

    def test_two_lines_that_trade_places(self) -> None:
        assert told(layer(change(9, "  a = b\n  b = 1", "  b = 1\n  a = b"))) == lines("""
            verified fix (with it, every check passes):
               9 - a = b
              10 - b = 1
               9 + b = 1
              10 + a = b
        """)

    def test_one_line_that_becomes_two(self) -> None:
        assert told(layer(change(9, "  return a", "  b = a\n  return b"))) == lines("""
            verified fix (with it, every check passes):
               9 - return a
               9 + b = a
              10 + return b
        """)

    def test_a_change_in_another_cell_or_file_says_so(self) -> None:
        shown = told(
            layer(
                change(4, "a", "b"),
                change(7, "c", "d", cell=3),
                change(8, "e", "f", cell=None, file="helpers.py"),
            )
        )
        assert shown == lines("""
            verified fix (with it, every check passes):
                               4   a   →   b
                  cell 3, line 7   c   →   d
              helpers.py, line 8   e   →   f
        """)

    def test_a_tab_or_an_escape_does_nothing_to_the_screen(self) -> None:
        shown = told(layer(change(4, "\ta = '\x1b[2J'\t# a", "\ta = ''\t# a")))
        assert "   4   a = '\\x1b[2J' # a   →   a = '' # a" in shown


class TestTitle:
    @pytest.mark.parametrize(
        ("changes", "due"),
        [
            (TWO, "cell 2, lines 14-15"),
            (TWO[:1], "cell 2, line 14"),
            ((TWO[0], change(18, "a", "b")), "cell 2, lines 14, 18"),
            ((change(16, "", "return dx"),), "cell 2, line 16"),
            ((change(9, "a\nb\nc", "a\nB\nc"),), "cell 2, line 10"),
        ],
    )
    @pytest.mark.parametrize("hints", [Hints.LINE, Hints.FIX])
    def test_the_lines_of_the_repair(
        self, changes: tuple[Change, ...], due: str, hints: Hints
    ) -> None:
        assert span(withheld(layer(*changes), hints)) == due

    def test_of_a_file(self) -> None:
        assert span(layer(change(9, "a", "b", cell=None), cell=None)) == "n.py, line 9"

    def test_with_a_repair_elsewhere_the_layer_is_where_it_was(self) -> None:
        assert span(layer(TWO[0], change(9, "a", "b", cell=3))) == "cell 2, lines 3-16"

    def test_without_one_too(self) -> None:
        assert span(layer(suspects=(Where("n.py", 2, 14),))) == "cell 2, lines 3-16"


class TestSuspects:
    def test_one(self) -> None:
        where = Where("n.py", 2, 14, "dx = dout + self.y")
        assert told(layer(suspects=(where,))) == lines("""
            no fix was found; perhaps the mistake is in line 14:
              14   dx = dout + self.y
        """)

    def test_several_the_likeliest_first(self) -> None:
        found = (Where("n.py", 2, 14, "a = 1"), Where("n.py", 2, 9, "b = 2"))
        assert told(layer(suspects=(*found, found[0]))) == lines("""
            no fix was found; perhaps the mistake is in one of these lines:
              14   a = 1
               9   b = 2
        """)

    def test_elsewhere(self) -> None:
        where = Where("helpers.py", None, 4, "a = 1")
        assert "perhaps the mistake is in helpers.py, line 4:" in told(layer(suspects=(where,)))

    def test_none(self) -> None:
        assert told(layer()) == "    no fix was found"

    def test_nothing_is_said_where_none_was_looked_for(self) -> None:
        from dataclasses import replace

        assert told(replace(layer(), repair=None)) == ""


class TestLine:
    @pytest.mark.parametrize(
        ("changes", "due"),
        [
            (TWO[:1], "the mistake is in line 14"),
            (TWO, "the mistake is in lines 14-15"),
            ((TWO[0], change(9, "a", "b", cell=3)), "the mistake is in line 14 and cell 3, line 9"),
            ((change(16, "", "return dx"),), "something is missing before line 16"),
            (
                (TWO[0], change(16, "", "return dx")),
                "the mistake is in line 14, and something is missing before line 16",
            ),
            ((change(9, "a\nb\nc", "a\nB\nc"),), "the mistake is in line 10"),
        ],
    )
    def test_the_lines_alone(self, changes: tuple[Change, ...], due: str) -> None:
        assert told(layer(*changes), Hints.LINE) == f"    {due}"

    def test_suspects_are_lines_too(self) -> None:
        found = layer(suspects=(Where("n.py", 2, 14, "dx = dout + self.y"),))
        assert told(found, Hints.LINE) == told(found)


@pytest.mark.parametrize("mended", [layer(*TWO), layer(suspects=(Where("n.py", 2, 14),))])
def test_nothing_is_said_with_the_law(mended: LayerReport) -> None:
    assert told(mended, Hints.LAW) == ""
