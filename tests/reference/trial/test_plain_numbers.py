"""What takes arrays is judged on arrays, whatever it gives for one number."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from trigrad import Report
from trigrad.verdict.results import Verdict

LEAKY = """
    import numpy as np

    class LeakyReLU:
        def forward(self, x):
            self.x = x
            return np.where(x > 0, x, 0.1 * x){more}

        def backward(self, dout):
            return dout * np.where(self.x > 0, 1, 0.1)
"""


@pytest.mark.parametrize(
    ("more", "verdict"), [("", Verdict.PASS), (" + 0.001 * np.max(x)", Verdict.FAIL)]
)
def test_a_layer_of_arrays(judge: Callable[..., Report], more: str, verdict: Verdict) -> None:
    (layer,) = judge(LEAKY.format(more=more)).layers
    assert layer.verdict is verdict
    assert "plain numbers" not in " ".join(layer.notes)


NUMBERS = """
    import math

    class Softplus:
        def forward(self, x):
            self.x = x
            return math.log(1 + math.exp(x))

        def backward(self, dout):
            return dout {operator} (1 + math.exp(-self.x))
"""


@pytest.mark.parametrize(("operator", "verdict"), [("/", Verdict.PASS), ("*", Verdict.FAIL)])
def test_a_layer_of_numbers(judge: Callable[..., Report], operator: str, verdict: Verdict) -> None:
    (layer,) = judge(NUMBERS.format(operator=operator)).layers
    assert layer.verdict is verdict
    assert "plain numbers" in " ".join(layer.notes)


def test_beside_arrays_it_is_a_mistake(judge: Callable[..., Report]) -> None:
    affine = """
    class Affine:
        def __init__(self, W, b):
            self.W, self.b = W, b

        def forward(self, x):
            self.x = x
            return x @ self.W + self.b

        def backward(self, dout):
            self.dW, self.db = self.x.T @ dout, dout.sum(axis=0)
            return dout @ self.W.T
    """
    report = judge(NUMBERS.format(operator="/") + affine)
    verdicts = {layer.layer: layer.verdict for layer in report.layers}
    assert verdicts == {"Softplus": Verdict.FAIL, "Affine": Verdict.PASS}
