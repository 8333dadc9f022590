"""What is left of a layer's report: in the data, whatever is made of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from trigrad import check
from trigrad.catalogue.in_force import language
from trigrad.catalogue.languages import LANGUAGES
from trigrad.contracts.schema import Kind
from trigrad.hints import Hints
from trigrad.messages import Message
from trigrad.repair.result import Change, Repair
from trigrad.report.withholding import withheld, without_fixes
from trigrad.subject.face import Where
from trigrad.verdict.results import LayerReport, Verdict

WHERE = Where("a.py", None, 3)
LAYER = LayerReport(
    *("Relu", "Relu", Kind.LAYER, Verdict.FAIL, WHERE),
    lines={"": (3, 9), "forward": (4, 6), "backward": (7, 9)},
    repair=Repair(
        (Change(Where("a.py", None, 8), "a\nb\nc", "A\nb\nC"),), (WHERE,), 12, 0.5, ("x",)
    ),
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
    assert left.repair.drawbacks == ()


def test_the_law_leaves_where_the_layer_is() -> None:
    left = withheld(LAYER, Hints.LAW)
    assert left.lines == {"": (3, 9)}
    assert left.where == WHERE
    assert left.repair is None


def test_nothing_more_is_lost_the_second_time() -> None:
    for hints in Hints:
        once = withheld(LAYER, hints)
        assert withheld(once, hints) == once


STAR = """\
from common.functions import *


class AddLayer:
    def forward(self, x, y):
        self.total = x + y
        return totl

    def backward(self, dout):
        return dout * 1, dout * 1
"""
OLD_NUMPY = """\
import numpy as np


class AddLayer:
    def forward(self, x, y):
        return np.float(1) * x + y

    def backward(self, dout):
        return dout * 1, dout * 1
"""


@pytest.mark.parametrize("text", [STAR, OLD_NUMPY])
@pytest.mark.parametrize("hints", Hints)
def test_what_is_meant_is_the_fix(tmp_path: Path, text: str, hints: Hints) -> None:
    path = tmp_path / "a.py"
    path.write_text(text)
    report = check(path, examples=2, hints=hints, repair_seconds=0)
    shown = str(report) + json.dumps(report.to_dict())
    given = "did you mean" in shown or "write float" in shown
    assert given is (hints is Hints.FIX)
    if hints is not Hints.FIX:
        assert "` instead" not in shown


@pytest.mark.parametrize("tag", LANGUAGES)
@pytest.mark.parametrize("key", ["fix.write", "fix.python_2"])
def test_the_fix_is_withheld_in_each_language(tag: str, key: str) -> None:
    with language(tag):
        words = str(Message(key, instead="dx = dout * y"))
        assert "dx" in words
        assert without_fixes(f"the error{words}") == "the error"


def test_the_line_does_not_come_with_the_mistake_in_words(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text(
        "class MulLayer:\n    def forward(self, x, y):\n        self.x, self.y = x, y\n"
        "        return x * y\n\n    def backward(self, dout):\n"
        "        return dout + self.y, dout * self.x\n"
    )
    shown = {h: str(check(path, examples=3, hints=h, in_process=True)) for h in Hints}
    words = "dout is added to the local derivative; it should multiply it"
    side = "so: forward is right; the mistake is in backward"
    assert [words in shown[h] for h in Hints] == [False, False, True]
    assert [side in shown[h] for h in Hints] == [False, True, True]
    assert ["the mistake is in line 7" in shown[h] for h in Hints] == [False, True, False]
