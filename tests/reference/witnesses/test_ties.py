"""Where several entries are the largest: no part of the gradient is lost or counted twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from trigrad import check
from trigrad.claim.claim import Outcome
from trigrad.witnesses.ties import NAME

MAXIMUM = """
import numpy as np

class Larger:
    def forward(self, x, y):
        self.first = x >= y
        self.second = SECOND
        return np.maximum(x, y)

    def backward(self, dout):
        return dout * self.first, dout * self.second
"""


def outcome(folder: Path, second: str) -> Outcome:
    file = folder / "larger.py"
    file.write_text(MAXIMUM.replace("SECOND", second), encoding="utf-8")
    (layer,) = check(file, in_process=True, examples=4, repair_seconds=0).layers
    return next(j.finding.outcome for j in layer.judgements if j.claim.name == NAME)


def test_one_of_them_gets_it(tmp_path: Path) -> None:
    assert outcome(tmp_path, "x < y") is Outcome.PASS


@pytest.mark.parametrize("second", ["x <= y"])
def test_both_get_it(tmp_path: Path, second: str) -> None:
    assert outcome(tmp_path, second) is Outcome.FAIL
