"""A layer with a contract whose backward takes a step, at a rate that is a number in its text."""

from __future__ import annotations

from pathlib import Path

import pytest

from trigrad import check
from trigrad.verdict.results import LayerReport, Verdict

AFFINE = """
import numpy as np

LR = 0.01


class Affine:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, dout):
        dx = dout @ self.W.T
        self.W -= 0.1 * (self.x.T @ dout)
        self.b -= 0.1 * dout.sum(axis=0)
        return dx
"""


def judged(folder: Path, text: str) -> LayerReport:
    path = folder / "layers.py"
    path.write_text(text, "utf-8")
    (layer,) = check(path, examples=3, in_process=True, repair_seconds=0).layers
    return layer


@pytest.mark.parametrize(
    ("text", "rate"), [(AFFINE, "0.1"), (AFFINE.replace("0.1 *", "LR *"), "0.01")]
)
def test_a_step_at_a_rate_of_the_text_passes(tmp_path: Path, text: str, rate: str) -> None:
    layer = judged(tmp_path, text)
    assert layer.verdict is Verdict.PASS
    assert layer.layer == "Affine"
    assert any("learning rate" in note and rate in note for note in layer.notes)


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        ("self.W -=", "self.W +="),
        ("dout.sum(axis=0)", "dout.mean(axis=0)"),
        ("self.x.T @ dout", "(self.x**2).T @ dout"),
        ("dout @ self.W.T", "dout @ self.W.T * 2"),
    ],
)
def test_a_wrong_step_fails(tmp_path: Path, written: str, instead: str) -> None:
    assert judged(tmp_path, AFFINE.replace(written, instead)).verdict is Verdict.FAIL


@pytest.mark.parametrize(
    "text",
    [
        AFFINE.replace("(self.x.T @ dout)", "np.sign(self.x.T @ dout)"),
        AFFINE.replace("(self.x.T @ dout)", "np.clip(self.x.T @ dout, -1, 1)"),
        AFFINE.replace("(self.x.T @ dout)", "(self.x.T @ dout + 1e-4 * self.W)"),
        AFFINE.replace("@ dout)", "@ dout) / len(dout)").replace(".sum", ".mean"),
    ],
    ids=["as Adam does", "clipped", "weight decay", "means"],
)
def test_other_steps_are_not_judged(tmp_path: Path, text: str) -> None:
    """They are no multiple of the gradient, or of its mean."""
    path = tmp_path / "layers.py"
    path.write_text(text, "utf-8")
    report = check(path, examples=3, in_process=True, repair_seconds=0)
    assert not report.layers
    assert [each.name for each in report.unjudged] == ["Affine"]


def test_a_fix_keeps_the_rate(tmp_path: Path) -> None:
    """The steps of a wrong gradient tell no rate; the other weight has it."""
    path = tmp_path / "layers.py"
    wrong = AFFINE.replace("0.1 * (self.x.T @ dout)", "0.1 * (self.x.T @ (dout + dout.mean()))")
    path.write_text(wrong, "utf-8")
    (layer,) = check(path, examples=3, in_process=True).layers
    assert layer.verdict is Verdict.FAIL
    changes = layer.repair.changes if layer.repair else ()
    assert all("0.1 *" in change.after for change in changes)
