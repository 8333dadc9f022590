"""A fix keeps an array that is made anew: without it, the argument itself would be changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from trigrad import check

TEXT = """import numpy as np


def relu(x):
    return np.maximum(0, x)


def relu_grad(x):
    grad = {}(x)
    grad[x > 0] = 1
    return grad
"""


@pytest.mark.parametrize("made", ["np.zeros", "np.zero_like"])
def test_a_new_array_is_not_replaced_by_the_argument(made: str, tmp_path: Path) -> None:
    path = tmp_path / "slopes.py"
    path.write_text(TEXT.format(made), encoding="utf-8")
    (layer,) = [each for each in check(path, in_process=True).layers if each.derivative_of]
    assert layer.repair is not None
    assert layer.repair.changes
    assert "grad = x" not in [change.after.strip() for change in layer.repair.changes]
