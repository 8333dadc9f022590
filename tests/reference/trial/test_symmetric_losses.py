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
    assert ("the targets are the first" in notes) is bool(sign)
    other = "" if sign else "-"
    (wrong,) = judge(LOSS.format(**values, divided=divided, sign=other)).layers
    assert wrong.verdict is Verdict.FAIL


PAIR = """
    import numpy as np

    def {loss}(y_true, y_pred):
        return np.mean((y_true - y_pred) ** 2)

    def {derivative}(y_true, y_pred):
        return {gradient} / np.size(y_true)
"""


@pytest.mark.parametrize(
    ("loss", "derivative"),
    [("mse", "mse_prime"), ("mean_squared_error", "mean_squared_error_derivative")],
)
@pytest.mark.parametrize(
    ("gradient", "verdict"),
    [
        ("2 * (y_pred - y_true)", Verdict.PASS),
        ("2 * (y_true - y_pred)", Verdict.FAIL),
        ("(y_pred - y_true)", Verdict.FAIL),
    ],
)
def test_a_loss_and_its_derivative(
    judge: Callable[..., Report], loss: str, derivative: str, gradient: str, verdict: Verdict
) -> None:
    report = judge(PAIR.format(loss=loss, derivative=derivative, gradient=gradient))
    found = {layer.name: layer.verdict for layer in report.layers}
    assert found == {loss: Verdict.PASS, derivative: verdict}


COLUMN = """
    import numpy as np

    class MSE:
        def forward(self, out, target):
            self.d = out{squeezed} - target
            self.shape = out.shape
            return np.mean(self.d ** 2)

        def backward(self):
            return (2 * self.d / len(self.d)).reshape(self.shape)
"""


@pytest.mark.parametrize(
    ("squeezed", "verdict"), [(".squeeze(-1)", Verdict.PASS), (" + 0.01", Verdict.FAIL)]
)
def test_one_output_and_one_number_as_its_target(
    judge: Callable[..., Report], squeezed: str, verdict: Verdict
) -> None:
    text = COLUMN.format(squeezed=squeezed)
    (layer,) = judge(text).layers
    assert layer.verdict is verdict
