"""Attributes that are assigned to a class below it, or in a later cell, are part of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from trigrad import check
from trigrad.verdict.results import LayerReport, Verdict

CLASS = """
import numpy as np

class Relu:
    def forward(self, x):
        self.mask = x > 0
        return x * self.mask
{backward}

def given(self, dout):
    return dout{times}

"""
OWN = "    def backward(self, dout):\n        return dout * self.mask\n"
ASSIGNMENTS = [
    "Relu.backward = given",
    'setattr(Relu, "backward", given)',
    "Relu.backward = lambda self, dout: given(self, dout)",
]


def judged(path: Path) -> LayerReport:
    (layer,) = (found for found in check(path, examples=3).layers if found.name == "Relu")
    return layer


@pytest.mark.parametrize("patch", ASSIGNMENTS)
def test_what_is_assigned_is_judged(tmp_path: Path, patch: str) -> None:
    wrong, right = tmp_path / "wrong.py", tmp_path / "right.py"
    wrong.write_text(CLASS.format(backward=OWN, times="") + patch)
    right.write_text(CLASS.format(backward="", times=" * self.mask") + patch)
    layer = judged(wrong)
    assert layer.verdict is Verdict.FAIL
    assert layer.repair is None or not layer.repair.verified, "its own text is not all of it"
    layer = judged(right)
    assert layer.verdict is Verdict.PASS


def test_an_assignment_that_calls_something_is_not_run(tmp_path: Path) -> None:
    path = tmp_path / "calls.py"
    path.write_text(CLASS.format(backward=OWN, times="") + "Relu.backward = print('run') or given")
    layer = judged(path)
    assert layer.verdict is Verdict.PASS
