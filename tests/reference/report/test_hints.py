"""Each level of hints, gone through for what it must not give away: text, JSON and HTML."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape

import pytest

from trigrad import Report
from trigrad.hints import Hints
from trigrad.repair.result import Change, Repair
from trigrad.report.as_text import judgement_as_text
from trigrad.subject.face import Where

Judge = Callable[..., Report]
Show = Callable[[Report], str]

MUL = """
    class MulLayer:
        def forward(self, x, y):
            self.x = x
            self.y = y
            return x * y

        def backward(self, dout):
            dx = dout + self.y
            dy = dout * self.x
            return dx, dy
"""
BEFORE, AFTER = "        dx = dout + self.y", "        dx = dout * self.y"
MENDED = Repair((Change(Where("layers.py", None, 8), BEFORE, AFTER),))
SUSPECTED = Repair(suspects=(Where("layers.py", None, 8, BEFORE.strip()),))

UNKNOWN_NAME = MUL.replace("dout + self.y", "dout * seelf_y").replace("self.y = y", "self_y = y")
MEANT = MUL.replace("dout + self.y", "dout * y")
SHAPE = """
    class Affine:
        def __init__(self, W, b):
            self.W = W
            self.b = b

        def forward(self, x):
            x = x.shape
            return x.reshape(2, -1) @ self.W + self.b

        def backward(self, dout):
            return dout
"""
OVERWRITES = """
    class Relu:
        def forward(self, x):
            self.mask = x <= 0
            out = x.copy()
            out[self.mask] = 0
            return out

        def backward(self, dout):
            dout[self.mask] = 0
            return dout
"""


def as_json(report: Report) -> str:
    return json.dumps(report.to_dict(), ensure_ascii=False)


def as_html(report: Report) -> str:
    return unescape(report._repr_html_())


def as_failures(report: Report) -> str:
    """What pytest prints of every claim."""
    return "\n".join(
        judgement_as_text(layer, judgement.claim, report.hints)
        for layer in report.layers
        for judgement in layer.judgements
        if judgement.fails
    )


EVERYWHERE = pytest.mark.parametrize("shown", [str, as_json, as_html, as_failures])
OF_PEOPLE = pytest.mark.parametrize("shown", [str, as_html, as_failures])


@pytest.fixture
def reported(judge: Judge) -> Callable[..., Report]:
    """A report on a text, with this repair and these hints."""

    def with_hints(text: str, hints: str, repair: Repair | None = None) -> Report:
        report = judge(text)
        first, *rest = report.layers
        layers = (replace(first, repair=repair), *rest)
        return replace(report, layers=layers, hints=Hints(hints))

    return with_hints


class TestLaw:
    @EVERYWHERE
    @pytest.mark.parametrize("repair", [MENDED, SUSPECTED])
    def test_no_line_no_side_no_fix(
        self, reported: Callable[..., Report], shown: Show, repair: Repair
    ) -> None:
        told = shown(reported(MUL, "law", repair))
        for leak in ("dout * self.y", "dout + self.y", "so: ", "forward is right", "mistake"):
            assert leak not in told
        assert not re.search(r"\bfix\b|suspect", told.replace('"suspects"', ""))
        assert not re.search(r"lines? (?!1-10\b)\d", told)
        assert re.findall(r'"line": (\d+)', told) == ["1"] * told.count('"line"')

    @EVERYWHERE
    def test_the_law_and_the_case_are_there(
        self, reported: Callable[..., Report], shown: Show
    ) -> None:
        told = shown(reported(MUL, "law", MENDED))
        assert "the gradient of x is not the derivative of forward" in told
        assert re.search(r"should.be", told)

    @EVERYWHERE
    @pytest.mark.parametrize("text", [UNKNOWN_NAME, MEANT, SHAPE])
    def test_an_exception_keeps_type_and_message_only(
        self, reported: Callable[..., Report], shown: Show, text: str
    ) -> None:
        told = shown(reported(text, "law"))
        assert re.search(r"NameError|AttributeError", told)
        assert re.search(r"undefined name|has no attribute 'reshape'", told)
        for leak in ("did you mean", "self.y", "x.shape", "tuple there", "since line", "at  "):
            assert leak not in told
        assert not re.search(r"lines? (?!1-1\d\b)\d", told)
        assert set(re.findall(r'"line": (\d+)', told)) <= {"1"}

    @OF_PEOPLE
    def test_advice_has_no_line(self, reported: Callable[..., Report], shown: Show) -> None:
        assert "line 9" not in shown(reported(OVERWRITES, "law")).replace("lines", "line")

    def test_json_has_neither_diagnosis_nor_repair(self, reported: Callable[..., Report]) -> None:
        found = reported(MUL, "law", MENDED).to_dict()["layers"][0]
        assert found["diagnosis"] is None
        assert found["repair"] is None

    def test_json_of_an_exception(self, reported: Callable[..., Report]) -> None:
        found = reported(SHAPE, "law").to_dict()["layers"][0]
        raised = [c["evidence"]["raised"] for c in found["claims"] if c["evidence"]]
        assert {(r["error"], r["where"], tuple(r["hints"])) for r in raised if r} == {
            ("AttributeError", None, ())
        }


class TestLine:
    @EVERYWHERE
    def test_no_word_of_what_it_should_be(
        self, reported: Callable[..., Report], shown: Show
    ) -> None:
        told = shown(reported(MUL, "line", MENDED))
        for leak in ("dout * self.y", "→", "->", "verified fix"):
            assert leak not in told

    @OF_PEOPLE
    def test_the_line_and_the_side(self, reported: Callable[..., Report], shown: Show) -> None:
        told = shown(reported(MUL, "line", MENDED))
        assert "layers.py, line 8" in told
        assert "the mistake is in line 8" in told
        assert "so: forward is right; the mistake is in backward" in told

    @OF_PEOPLE
    def test_suspects(self, reported: Callable[..., Report], shown: Show) -> None:
        told = shown(reported(MUL, "line", SUSPECTED))
        assert "perhaps the mistake is in line 8:" in told

    def test_json_has_the_place(self, reported: Callable[..., Report]) -> None:
        found = reported(MUL, "line", MENDED).to_dict()["layers"][0]
        place = {"file": "layers.py", "cell": None, "line": 8}
        assert found["repair"] == {
            "verified": True,
            "edits": [{**place, "before": None, "after": None}],
            "suspects": [],
            "drawbacks": [],
            "overdue": False,
        }
        assert found["diagnosis"] is not None

    @OF_PEOPLE
    def test_an_exception_has_its_line_and_hints(
        self, reported: Callable[..., Report], shown: Show
    ) -> None:
        told = shown(reported(SHAPE, "line"))
        assert "at         layers.py, line 8:  return x.reshape" in told
        assert "hint       x is a tuple there" in told

    @EVERYWHERE
    def test_but_not_the_name_that_was_meant(
        self, reported: Callable[..., Report], shown: Show
    ) -> None:
        told = shown(reported(MEANT, "line"))
        assert "undefined name y" in told
        assert "did you mean" not in told


class TestFix:
    @OF_PEOPLE
    def test_all_of_it(self, reported: Callable[..., Report], shown: Show) -> None:
        told = shown(reported(MUL, "fix", MENDED))
        assert "8   dx = dout + self.y   →   dx = dout * self.y" in told
        assert "so: forward is right; the mistake is in backward" in told

    def test_json_has_whole_lines(self, reported: Callable[..., Report]) -> None:
        found = reported(MUL, "fix", MENDED).to_dict()["layers"][0]
        place = {"file": "layers.py", "cell": None, "line": 8}
        assert found["repair"]["edits"] == [{**place, "before": BEFORE, "after": AFTER}]

    def test_json_has_the_suspects(self, reported: Callable[..., Report]) -> None:
        found = reported(MUL, "fix", SUSPECTED).to_dict()["layers"][0]
        place = {"file": "layers.py", "cell": None, "line": 8}
        assert found["repair"] == {
            "verified": False,
            "edits": [],
            "suspects": [place],
            "drawbacks": [],
            "overdue": False,
        }

    @EVERYWHERE
    @pytest.mark.parametrize(("hints", "said"), [("fix", True), ("line", False), ("law", False)])
    def test_what_a_fix_loses(
        self, reported: Callable[..., Report], shown: Show, hints: str, said: bool
    ) -> None:
        lossy = replace(MENDED, drawbacks=("labels: no longer handled",))
        told = shown(reported(MUL, hints, lossy))
        assert ("labels: no longer handled" in told) is said
        assert "every check passes" not in told

    @EVERYWHERE
    def test_the_name_that_was_meant(self, reported: Callable[..., Report], shown: Show) -> None:
        assert "did you mean self.y?" in shown(reported(MEANT, "fix"))

    def test_nothing_is_said_of_a_repair_none_looked_for(
        self, reported: Callable[..., Report]
    ) -> None:
        report = reported(MUL, "fix")
        assert report.to_dict()["layers"][0]["repair"] is None
        assert not re.search(r"\bfix\b", str(report))


class TestAgain:
    """Who copies the last line sees no more than was meant for them."""

    @pytest.mark.parametrize(("hints", "due"), [("law", " --hints law"), ("fix", "")])
    def test_the_command_keeps_the_hints(
        self, reported: Callable[..., Report], hints: str, due: str
    ) -> None:
        last = str(reported(MUL, hints)).splitlines()[-1]
        assert last.endswith(f" --seed 0 --examples 3{due}")


def test_the_arrow_is_plain_where_the_console_is(reported: Callable[..., Report]) -> None:
    from io import BytesIO, TextIOWrapper

    from rich.console import Console

    from trigrad.report.as_text import show

    out = TextIOWrapper(BytesIO(), "ascii", newline="")
    show(reported(MUL, "fix", MENDED), Console(file=out))
    out.seek(0)
    assert "dx = dout + self.y   ->   dx = dout * self.y" in out.read()
