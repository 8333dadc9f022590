"""Mistakes as people make them, found by newcomers: what is offered is what a teacher would say."""

from __future__ import annotations

from pathlib import Path

import pytest

from trigrad import check
from trigrad.trial import layer_trial
from trigrad.verdict.results import Verdict

AFFINE = """\
import numpy as np


class Affine:
    def __init__(self, W, b):
        self.W = W
        self.b = b
        self.dW = np.zeros_like(W)
        self.db = np.zeros_like(b)

    def forward(self, x):
        self.x = x
        return np.dot(x, self.W) + self.b

    def backward(self, dout):
        dx = np.dot(dout, self.W.T)
        self.dW = np.dot(self.x.T, dout)
        self.db = np.sum(dout, axis=0)
        return dx
"""
RELU = """\
class Relu:
    def forward(self, x):
        self.mask = x <= 0
        out = x.copy()
        out[self.mask] = 0
        return out

    def backward(self, dout):
        dx = dout.copy()
        dx[self.mask] = 0
        return dx
"""
SIGMOID = """\
import numpy as np


class Sigmoid:
    @staticmethod
    def sigmoid(x):
        return 1 / (1 + np.exp(-x))

    def forward(self, x):
        self.out = self.sigmoid(x)
        return self.out

    def backward(self, dout):
        return dout * self.out * (1 - self.out)
"""
MUL = """\
class MulLayer:
    def forward(self, x, y):
        self.x = x
        self.y = y
        return x * y

    def backward(self, dout):
        dx = dout * self.y
        dy = dout * self.x
        return dx, dy
"""
ADD = """\
class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        dx = dout * 1
        dy = dout * 1
        return dx, dy
"""
PAIR = """\
import numpy as np


def affine_forward(x, w, b):
    cache = (x, w, b)
    return x @ w + b, cache


def affine_backward(dout, cache):
    x, w, b = cache
    return dout @ w.T, x.T @ dout, dout.sum(axis=0)
"""
GRADIENT = """\
import numpy as np


def numerical_gradient(f, x):
    h = 1e-4
    grad = np.zeros_like(x)
    for i in range(x.size):
        old = x[i]
        x[i] = old + h
        above = f(x)
        x[i] = old - h
        below = f(x)
        x[i] = old
        grad[i] = (above - below) / (2 * h)
    return grad
"""
ENTROPY = """\
import numpy as np


def cross_entropy_error(y, t):
    return -np.sum(t * np.log(y + 1e-7)) / y.shape[0]
"""
SOFTMAX = """\
import numpy as np


def softmax(x):
    if x.ndim == 2:
        x = x.T
        x = x - np.max(x, axis=0)
        y = np.exp(x) / np.sum(np.exp(x), axis=0)
        return y.T
    x = x - np.max(x)
    return np.exp(x) / np.sum(np.exp(x))
"""

# A right text; what is written there → what is written in its place, by mistake.
SLIPS = {
    "both lines of a backward transposed": (
        AFFINE,
        ("np.dot(dout, self.W.T)", "np.dot(self.W.T, dout)"),
        ("np.dot(self.x.T, dout)", "np.dot(dout, self.x.T)"),
    ),
    "gradients added up": (
        AFFINE + "\n\ndef step(layer):\n    layer.W -= layer.dW\n    layer.b -= layer.db\n",
        ("self.dW = np.dot", "self.dW += np.dot"),
        ("self.db = np.sum", "self.db += np.sum"),
    ),
    "no brackets behind copy": (RELU, ("out = x.copy()", "out = x.copy")),
    "the mask of the class": (
        RELU.replace("class Relu:\n", "class Relu:\n    mask = None\n\n"),
        ("self.mask = x <= 0", "if Relu.mask is None:\n            Relu.mask = x <= 0"),
        ("out[self.mask]", "out[Relu.mask]"),
        ("dx[self.mask]", "dx[Relu.mask]"),
    ),
    "self. of a method forgotten": (SIGMOID, ("self.sigmoid(x)", "sigmoid(x)")),
    "compared where it was to be set": (SIGMOID, ("self.out = self", "self.out == self")),
    "two returns": (MUL, ("return dx, dy", "return dx\n        return dy")),
    "gradients of both operands in one sum": (ADD, ("return dx, dy", "return dx + dy")),
    "a cache taken apart in another order": (PAIR, ("x, w, b = cache", "w, x, b = cache")),
    "returned in the loop": (GRADIENT, ("\n    return grad", "\n        return grad")),
    "1e-7 beside the logarithm": (ENTROPY, ("t * np.log(y + 1e-7)", "t * np.log(y) + 1e-7")),
    "not turned back": (SOFTMAX, ("return y.T", "return y")),
}  # fmt: skip


@pytest.fixture(autouse=True)
def short_search(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layer_trial, "SHRINK_CALLS", 3)


@pytest.mark.parametrize("slip", SLIPS)
def test_the_right_text_comes_back(tmp_path: Path, slip: str) -> None:
    right, *mistakes = SLIPS[slip]
    wrong = right
    for meant, written in mistakes:
        assert wrong.count(meant) == 1
        wrong = wrong.replace(meant, written)
    path = tmp_path / "layers.py"
    path.write_text(wrong)
    report = check(path, in_process=True, examples=8, repair_seconds=60.0)
    (layer,) = (each for each in report.layers if each.verdict is Verdict.FAIL)
    assert layer.repair is not None
    lines = wrong.split("\n")
    for change in sorted(layer.repair.changes, key=lambda change: -change.where.line):
        at = change.where.line - 1
        count = len(change.before.split("\n")) if change.before else 0
        lines[at : at + count] = change.after.split("\n") if change.after else []
    assert "\n".join(lines) == right


NETWORK = (Path(__file__).parents[2] / "learners" / "right" / "book_style.py").read_text("utf-8")
NETWORK_SLIPS = [
    ("grads['b2'] = self.layers", "grads['B2'] = self.layers"),
    ("grads['W1'] = self.layers['Affine1'].dW", "grads['W1'] = self.layers['Affine1'].W"),
    ("list(self.layers.values())", "list(self.layers)"),
    ("            dout = layer.backward(dout)", "            dx = layer.backward(dout)"),
    (
        "Affine(self.params['W2'], self.params['b2'])",
        "Affine(self.params['W1'], self.params['b1'])",
    ),
]


@pytest.mark.parametrize(("meant", "written"), NETWORK_SLIPS)
def test_a_network_is_mended_where_it_is_wrong(tmp_path: Path, meant: str, written: str) -> None:
    assert NETWORK.count(meant) == 1
    path = tmp_path / "network.py"
    path.write_text(NETWORK.replace(meant, written), "utf-8")
    report = check(path, in_process=True, examples=5, repair_seconds=60.0)
    (layer,) = (each for each in report.layers if each.verdict is Verdict.FAIL)
    assert layer.layer == "TwoLayerNet"
    assert layer.repair is not None
    (change,) = layer.repair.changes
    assert change.after.strip() in NETWORK
    assert meant.strip() in change.after


def test_a_layer_that_passes_is_not_edited_for_another(tmp_path: Path) -> None:
    """A copy dropped in Relu would make up for a result that the network drops."""
    text = NETWORK.replace(
        "dout = layer.backward(dout)", "layer.backward(dout)"
    )  # Affine's gradient is lost, whatever Relu does
    path = tmp_path / "network.py"
    path.write_text(text, "utf-8")
    report = check(path, in_process=True, examples=5, repair_seconds=20.0)
    (layer,) = (each for each in report.layers if each.verdict is Verdict.FAIL)
    assert layer.repair is not None
    network = text[: text.index("class TwoLayerNet")].count("\n")
    lines = [change.where.line for change in layer.repair.changes]
    lines += [where.line for where in layer.repair.suspects]
    assert all(line > network for line in lines)


def test_a_gradient_kept_in_the_place_of_the_input_is_none(tmp_path: Path) -> None:
    """By its value it is the gradient of W; but forward keeps x there."""
    text = AFFINE.replace("        self.dW = np.zeros_like(W)\n", "")
    assert text.count("self.dW = np.dot(self.x.T, dout)") == 1
    path = tmp_path / "layers.py"
    path.write_text(text.replace("self.dW = np.dot(self.x.T, dout)", "self.x = self.x.T @ dout"))
    report = check(path, in_process=True, repair_seconds=0)
    (layer,) = (each for each in report.layers if each.verdict is not Verdict.MISSING)
    assert layer.verdict is Verdict.FAIL
    assert "gradient of W present" in {j.claim.name for j in layer.failures}
