"""What two witnesses say together: forward right or not × backward its derivative or not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reference import Report

Judge = Callable[..., Report]

LAYER = """
import numpy as np


class Sigmoid:
    def forward(self, x):
        self.y = 1 / (1 + np.exp(-x))
        return {output}

    def backward(self, dout):
        return {gradient}
"""

RIGHT_GRADIENT = "dout * self.y * (1 - self.y)"

BACKWARD = "forward is right; the mistake is in backward"
FORWARD = "forward is wrong; backward is the right derivative of that forward"
FORWARD_ALONE = "forward is wrong; backward is the one of the right forward"
BOTH = "forward is wrong, and backward is not its derivative either"
CALLS = "one call by itself is right; the mistake shows across calls or batches"


def diagnosis(judge: Judge, output: str, gradient: str) -> str:
    """The one sentence on the layer with these two expressions."""
    layer = judge(LAYER.format(output=output, gradient=gradient)).layers[0]
    assert layer.name == "Sigmoid"
    return layer.diagnosis.sentence if layer.diagnosis else ""


@pytest.mark.parametrize(
    ("output", "gradient", "due"),
    [
        ("self.y", RIGHT_GRADIENT, ""),
        ("self.y", "dout * self.y", BACKWARD),
        ("self.y", "-" + RIGHT_GRADIENT, BACKWARD),
        ("self.y", "self.y * (1 - self.y)", BACKWARD),
        ("2 * self.y", "2 * " + RIGHT_GRADIENT, FORWARD),
        ("self.y + 1", RIGHT_GRADIENT, FORWARD),
        ("2 * self.y", RIGHT_GRADIENT, FORWARD_ALONE),
        ("-self.y", RIGHT_GRADIENT, FORWARD_ALONE),
        ("2 * self.y", "3 * " + RIGHT_GRADIENT, BOTH),
        ("x * self.y", "dout", BOTH),
    ],
)
def test_the_four_quadrants(judge: Judge, output: str, gradient: str, due: str) -> None:
    assert diagnosis(judge, output, gradient) == due


def test_it_stands_on_the_screen_behind_so(judge: Judge) -> None:
    told = str(judge(LAYER.format(output="self.y", gradient="dout"))).splitlines()
    assert f"    so: {BACKWARD}" in told


def test_what_shows_only_across_calls(judge: Judge) -> None:
    text = """
        class MulLayer:
            def __init__(self):
                self.x = None

            def forward(self, x, y):
                if self.x is None:
                    self.x, self.y = x, y
                return x * y

            def backward(self, dout):
                return dout * self.y, dout * self.x
    """
    layer = judge(text).layers[0]
    assert layer.diagnosis
    assert layer.diagnosis.sentence == CALLS
    assert {j.claim.witness.value for j in layer.failures} == {"laws"}


@pytest.mark.parametrize(
    ("output", "gradient"),
    [
        ("None", RIGHT_GRADIENT),
        ("1 / 0", RIGHT_GRADIENT),
        ("self.y", "None"),
        ("self.y", "1 / 0"),
        ("self.y", "dout.sum()"),
    ],
)
def test_where_something_is_absent_nothing_is_guessed(
    judge: Judge, output: str, gradient: str
) -> None:
    assert diagnosis(judge, output, gradient) == ""


def test_a_function_has_no_two_sides(judge: Judge) -> None:
    layer = judge("import numpy as np\ndef sigmoid(x):\n    return 1 / (1 + np.exp(x))").layers[0]
    assert layer.verdict.value == "fail"
    assert layer.diagnosis
    assert layer.diagnosis.sentence == ""


CROSS_ENTROPY = """
import numpy as np


def cross_entropy_error(y, t):
    if y.ndim == 1:
        y, t = y.reshape(1, -1), t.reshape(1, -1)
    return {value}
"""


@pytest.mark.parametrize(
    ("value", "reads_labels"),
    [
        ("-np.sum(np.log(y[np.arange(len(y)), t])) / len(y)", True),
        ("-np.sum(np.log(y[np.arange(len(y)), t] + 1e-7)) / len(y)", True),
        ("-np.sum(np.log(y[np.arange(len(y)), t])) / len(y) + 0.01", False),
        ("-np.sum(t * np.log(y)) / len(y) * 2", False),
        ("-np.sum(t * np.log(y)) / len(y)", False),
    ],
)
def test_a_misreading_is_named_only_where_its_figure_is_reproduced(
    judge: Judge, value: str, reads_labels: bool
) -> None:
    layer = judge(CROSS_ENTROPY.format(value=value)).layers[0]
    told = layer.diagnosis.sentence if layer.diagnosis else ""
    assert ("the class indices 0, 0, 1 were read" in told) is reads_labels
    assert ("6.2146" in told) is reads_labels
