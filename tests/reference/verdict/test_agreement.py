"""A mistake that shows in backward and lies in forward."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reference import Report

RELU = """
    class Relu:
        def forward(self, x):
            self.x = x * x
            return x * (x > 0)

        def backward(self, dout):
            return dout * (self.x > 0)
"""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (RELU, "so: forward gives the right output, but what it keeps for backward is wrong"),
        (
            RELU.replace("x * x", "x").replace("dout * (self.x > 0)", "dout * (self.x < 0)"),
            "so: forward is right; the mistake is in backward",
        ),
    ],
)
def test_the_sentence_agrees_with_the_fix(
    judge: Callable[..., Report], text: str, said: str
) -> None:
    shown = str(judge(text))
    assert "fix, verified" in shown
    assert said in shown
