"""Switches stay as they are; what depends on the data may be edited."""

from __future__ import annotations

import ast

import pytest

from trigrad.repair.edits.context import Context
from trigrad.repair.edits.costs import KEPT_ARGUMENT
from trigrad.repair.edits.neighbourhood import neighbourhood

LAYER = """\
class Relu:
    def __init__(self, mode="copy", inplace=False, W=None):
        self.mode = mode
        self.inplace = inplace
        self.W = W
        self.mask = None

    def forward(self, x, train=True):
        self.x = x
        self.mask = x > 0
        if {}:
            return x * self.mask
        return x * self.mask.astype(float)
"""


def texts_around(condition: str, *, plausible: bool = True) -> list[str]:
    text = LAYER.format(condition)
    (definition,) = ast.parse(text).body
    assert isinstance(definition, ast.ClassDef)
    known = frozenset(("FAST", "np"))
    edits = neighbourhood(text, definition, known, plausible=plausible)
    return [text[: e.start] + e.replacement + text[e.end :] for e in edits]


@pytest.mark.parametrize(
    "switch",
    [
        "FAST",
        "not FAST",
        "self.inplace",
        'self.mode == "copy"',
        "self.inplace and train",
        'not self.inplace and self.mode != "copy"',
    ],
)
def test_a_switch_is_not_turned(switch: str) -> None:
    assert all(f"if {switch}:" in text for text in texts_around(switch))
    assert any(f"if {switch}:" not in text for text in texts_around(switch, plausible=False))


@pytest.mark.parametrize(
    "condition", ["x.ndim == 1", "self.mask is None", "self.W is None", "train == x"]
)
def test_what_the_data_decides_may_be_edited(condition: str) -> None:
    assert any(f"if {condition}:" not in text for text in texts_around(condition))


def test_what_is_kept_under_its_own_name_is_changed_last() -> None:
    text = LAYER.format("FAST")
    (definition,) = ast.parse(text).body
    assert isinstance(definition, ast.ClassDef)
    before = text.index("self.x = x") + len("self.x = ")
    found = [e for e in neighbourhood(text, definition) if e.start <= before < e.end]
    assert found
    assert all(edit.cost > KEPT_ARGUMENT for edit in found)
    assert Context(text, definition).attributes
