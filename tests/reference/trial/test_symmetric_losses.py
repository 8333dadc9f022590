"""Losses whose value does not show which argument is the target: names do."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from trigrad import Report
from trigrad.verdict.results import Verdict

LOSS = """
    import numpy as np

    class MSE:
        def forward(self, {first}, {second}):
            self.d = {first} - {second}
            return np.{average}(self.d ** 2){over}

        def backward(self):
            return {sign}2 * self.d{divided}
"""
AVERAGES = [
    ("mean", "", " / self.d.size", ""),
    ("sum", "", "", "the sum over all entries"),
    ("sum", " / len(self.d)", " / len(self.d)", "divided by the batch size"),
]


@pytest.mark.parametrize(("average", "over", "divided", "said"), AVERAGES)
@pytest.mark.parametrize(
    ("first", "second", "sign"),
    [
        *(("y", "t", ""), ("pred", "target", ""), ("y_pred", "y_true", ""), ("a", "b", "")),
        *(("t", "y", "-"), ("target", "output", "-"), ("y_true", "y_pred", "-")),
    ],
)
def test_the_gradient_is_that_of_what_is_predicted(
    judge: Callable[..., Report],
    first: str,
    second: str,
    sign: str,
    average: str,
    over: str,
    divided: str,
    said: str,
) -> None:
    values = {"first": first, "second": second, "average": average, "over": over}
    (right,) = judge(LOSS.format(**values, divided=divided, sign=sign)).layers
    assert right.verdict is Verdict.PASS
    notes = " ".join(right.notes)
    assert said in notes
    assert ("targets as the first" in notes) is bool(sign)
    other = "" if sign else "-"
    (wrong,) = judge(LOSS.format(**values, divided=divided, sign=other)).layers
    assert wrong.verdict is Verdict.FAIL
