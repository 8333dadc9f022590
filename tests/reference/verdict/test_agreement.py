"""A mistake that shows in backward and lies in forward."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from trigrad import Report
from trigrad.diagnosis.diagnosis import Diagnosis, Side
from trigrad.repair.result import Change, Repair
from trigrad.subject.face import Where
from trigrad.verdict.agreement import in_agreement

RELU = """
    class Relu:
        def forward(self, x):
            self.x = x * x
            return x * (x > 0)

        def backward(self, dout):
            return dout * (self.x > 0)
"""


@pytest.fixture
def no_repair() -> None:
    """Here there is one."""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (RELU, "so: forward gives the right output, but what it stores for backward is wrong"),
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
    assert "verified fix" in shown
    assert said in shown


def test_a_helper_in_another_cell_is_not_forward() -> None:
    found = Diagnosis(Side.BACKWARD, "forward is right; the mistake is in backward")
    lines = {"forward": (3, 5), "backward": (7, 9)}
    for cell, other in ((2, True), (1, False)):
        repair = Repair((Change(Where("n.ipynb", cell, 4), "a", "b"),))
        told = in_agreement(found, repair, lines, Where("n.ipynb", 2, 2))
        assert told is not None
        assert (told.sentence != found.sentence) is other
