"""A base class whose `__call__` stores what its own backward hands on, as in fastai's course."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from trigrad import check
from trigrad.verdict.results import Results, Verdict

BASE = """
import numpy as np

class Step:
    def __call__(self, *inputs):
        self.inputs = inputs
        self.result = self.forward(*inputs)
        return self.result

    def forward(self, *inputs):
        raise NotImplementedError

    def backward(self, dout):
        return self.slope(dout, self.result, *self.inputs)
"""


def judged(folder: Path, text: str) -> Results:
    path = folder / "steps.py"
    path.write_text(BASE + textwrap.dedent(text))
    return check(path, examples=3, in_process=True, repair_seconds=0)


SIGMOID = """
class Sigmoid(Step):
    def forward(self, x):
        return 1 / (1 + np.exp(-x))

    def slope(self, dout, y, x):
        return dout * {slope}
"""


@pytest.mark.parametrize(
    ("slope", "verdict"), [("y * (1 - y)", Verdict.PASS), ("y * (1 + y)", Verdict.FAIL)]
)
def test_backward_gets_what_the_call_stored(tmp_path: Path, slope: str, verdict: Verdict) -> None:
    report = judged(tmp_path, SIGMOID.format(slope=slope))
    assert [layer.verdict for layer in report.layers] == [verdict], str(report)


def test_two_operands(tmp_path: Path) -> None:
    mul = """
    class MulLayer(Step):
        def forward(self, x, y):
            return x * y

        def slope(self, dout, out, x, y):
            return dout * y, dout * x
    """
    report = judged(tmp_path, mul)
    assert [layer.verdict for layer in report.layers] == [Verdict.PASS], str(report)


RELU = """
class Relu(Step):
    def forward(self, x):
        return {out}

    def slope(self, dout, out, x):
        x.g = (x > 0) * dout
        return x.g
"""
KIND = "\nclass Grad(np.ndarray):\n    pass\n"


def test_gradients_in_attributes_of_arrays_are_not_judged(tmp_path: Path) -> None:
    report = judged(tmp_path, KIND + RELU.format(out="np.maximum(x, 0).view(Grad)"))
    assert not report.layers
    assert "it stores gradients in attributes of the arrays (x.g)" in report.unjudged[0].why


def test_a_plain_array_can_have_no_attribute(tmp_path: Path) -> None:
    report = judged(tmp_path, RELU.format(out="np.maximum(x, 0)"))
    assert [layer.verdict for layer in report.layers] == [Verdict.FAIL]
