"""Layers that are known by what they compute: settings that only some of the functions have."""

from __future__ import annotations

import pytest

from trigrad import check
from trigrad.impl import MaxPooling
from trigrad.report.report import Report
from trigrad.verdict.results import Verdict


def judged(layer: type) -> Report:
    return check(layer, examples=2, repair_seconds=0)


def test_a_border_that_is_never_the_largest_is_right() -> None:
    """As in PyTorch. It is no known function with this border, nor any without settings."""
    (found,) = judged(MaxPooling).layers
    assert found.verdict is Verdict.PASS
    assert any("stride = 1 and 2" in str(note) for note in found.notes)


@pytest.mark.parametrize("stride", [1, 2])
def test_a_mistake_with_a_stride_is_seen(stride: int) -> None:
    class WrongMaxPooling(MaxPooling):
        def forward(self, x):  # type: ignore[no-untyped-def]
            return super().forward(x)

        def backward(self, dout):  # type: ignore[no-untyped-def]
            dx = super().backward(dout)
            return dx * 2 if self.stride == stride else dx

    (found,) = judged(WrongMaxPooling).layers
    assert found.verdict is not Verdict.PASS


def test_an_array_of_one_axis_is_compared_with_what_has_channels_too() -> None:
    """And with none of the known functions is it the same."""

    class Bent:
        def __init__(self, W):  # type: ignore[no-untyped-def]
            self.W = W

        def forward(self, x):  # type: ignore[no-untyped-def]
            self.x = x
            return self.W * x**3

        def backward(self, dout):  # type: ignore[no-untyped-def]
            self.dW = dout * self.x**3
            return dout * self.W * 3 * self.x**2

    (found,) = check(Bent, "x: D; W: D", examples=2, repair_seconds=0).layers
    assert found.verdict is Verdict.PASS
