"""What is left of a layer's report: in the data, whatever is made of them."""

from __future__ import annotations

from reference.contract import Kind
from reference.hints import Hints
from reference.repair.outcome import Change, Repair
from reference.report import LayerReport, Verdict
from reference.subject.face import Where
from reference.verdict.withholding import withheld

WHERE = Where("a.py", None, 3)
LAYER = LayerReport(
    *("Relu", "Relu", Kind.LAYER, Verdict.FAIL, WHERE),
    lines={"": (3, 9), "forward": (4, 6), "backward": (7, 9)},
    repair=Repair((Change(Where("a.py", None, 8), "a\nb\nc", "A\nb\nC"),), (WHERE,), 12, 0.5),
)


def test_the_fix_leaves_all_of_it() -> None:
    assert withheld(LAYER, Hints.FIX) is LAYER


def test_the_line_leaves_places_and_what_is_there() -> None:
    left = withheld(LAYER, Hints.LINE)
    assert left.lines == LAYER.lines
    assert left.repair is not None
    assert [(c.where.line, c.before, c.after) for c in left.repair.changes] == [
        (8, "a", ""),
        (10, "c", ""),
    ]
    assert left.repair.verified
    assert left.repair.suspects == (WHERE,)


def test_the_law_leaves_where_the_layer_is() -> None:
    left = withheld(LAYER, Hints.LAW)
    assert left.lines == {"": (3, 9)}
    assert left.where == WHERE
    assert left.repair is None


def test_nothing_more_is_lost_the_second_time() -> None:
    for hints in Hints:
        once = withheld(LAYER, hints)
        assert withheld(once, hints) == once
