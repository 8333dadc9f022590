"""By what dropout multiplies the entries that it keeps, in training and in test mode."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from trigrad import check
from trigrad.verdict.results import LayerReport, Verdict

pytestmark = pytest.mark.usefixtures("no_repair")

DROPOUT = """
import numpy as np


class Dropout:
    def __init__(self, dropout_ratio=0.4):
        self.dropout_ratio = dropout_ratio

    def forward(self, x, train_flg=True):
        if train_flg:
            self.mask = (np.random.rand(*x.shape) > self.dropout_ratio) {train}
            return x * self.mask
        return x {test}

    def backward(self, dout):
        return dout * self.mask
"""


def judged(folder: Path, train: str, test: str) -> LayerReport:
    path = folder / "layers.py"
    path.write_text(textwrap.dedent(DROPOUT.format(train=train, test=test)), "utf-8")
    (layer,) = check(path, examples=3, in_process=True).layers
    return layer


@pytest.mark.parametrize(
    ("train", "test"), [("/ (1 - self.dropout_ratio)", ""), ("", "* (1 - self.dropout_ratio)")]
)
def test_both_conventions_pass(tmp_path: Path, train: str, test: str) -> None:
    layer = judged(tmp_path, train, test)
    assert layer.verdict is Verdict.PASS
    assert any("forward is right: it computes Dropout" in str(note) for note in layer.notes)


@pytest.mark.parametrize(
    ("train", "test", "why"),
    [
        ("/ (self.dropout_ratio - 1)", "", "multiplied by -1.43, should be by 1.43"),
        ("* (1 - self.dropout_ratio)", "", "multiplied by 0.7, should be by 1.43"),
        ("/ self.dropout_ratio", "", "should be by 1.43"),
        ("/ (1 - self.dropout_ratio)", "* (1 - self.dropout_ratio)", "in test mode"),
    ],
)
def test_other_factors_fail(tmp_path: Path, train: str, test: str, why: str) -> None:
    layer = judged(tmp_path, train, test)
    assert layer.verdict is Verdict.FAIL
    assert why in str(layer.failures[-1].finding.message)
    assert not any("forward is right" in str(note) for note in layer.notes)
