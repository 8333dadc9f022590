"""Declared layers: how they are made and called, and where their weights and gradients are found.

Each right layer passes, and with one mistake put in it fails.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from trigrad import Report, check
from trigrad.trial import layer_trial

Write = Callable[[str, str], Path]


@pytest.fixture(autouse=True)
def short_search(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layer_trial, "SHRINK_CALLS", 3)


@pytest.fixture
def judge(write: Write) -> Callable[[str], Report]:
    """The report on a text."""

    def judge_text(text: str) -> Report:
        path = write("layers.py", "import numpy as np\n\n" + textwrap.dedent(text))
        return check(path, in_process=True, examples=4, repair_seconds=0)

    return judge_text


# A name, right code, a line in it, and a mistake in its place.
LAYERS = [
    (
        "weights given to the constructor, gradients stored",
        """
        # trigrad: x: N D; W: D M; b: M
        class Dense:
            def __init__(self, W, b):
                self.W, self.b = W, b
            def forward(self, x):
                self.x = x
                return np.tanh(x @ self.W + self.b)
            def backward(self, dout):
                dout = dout * (1 - np.tanh(self.x @ self.W + self.b) ** 2)
                self.dW = self.x.T @ dout
                self.db = dout.sum(axis=0)
                return dout @ self.W.T
        """,
        "self.db = dout.sum(axis=0)",
        "self.db = dout.mean(axis=0)",
    ),
    (
        "weights held under their names, made from sizes",
        """
        # trigrad: x: N D; weights: D M; bias: 1 M; build: Layer(D, M)
        class Layer:
            def __init__(self, n_in, n_out):
                self.weights = np.random.randn(n_in, n_out)
                self.bias = np.zeros((1, n_out))
            def forward(self, inputs):
                self.inputs = inputs
                self.output = (inputs @ self.weights) ** 2 + self.bias
            def backward(self, dvalues):
                scaled = 2 * (self.inputs @ self.weights) * dvalues
                self.dweights = self.inputs.T @ scaled
                self.dbias = dvalues.sum(axis=0, keepdims=True)
                self.dinputs = scaled @ self.weights.T
        """,
        "scaled @ self.weights.T",
        "dvalues @ self.weights.T",
    ),
    (
        "weights and gradients in dictionaries",
        """
        # trigrad: x: N D; g: D; build: Scale(D)
        class Scale:
            def __init__(self, width):
                self.params = {"g": np.ones(width)}
                self.grads = {}
            def forward(self, x):
                self.x = x
                return x * self.params["g"] ** 2
            def backward(self, dout):
                self.grads["g"] = (dout * self.x * 2 * self.params["g"]).sum(axis=0)
                return dout * self.params["g"] ** 2
        """,
        "self.x * 2 *",
        "self.x *",
    ),
    (
        "gradients written into lists in place",
        """
        # trigrad: x: N D; W: D M; build: MatMul(W)
        class MatMul:
            def __init__(self, W):
                self.params, self.grads = [W], [np.zeros_like(W)]
            def forward(self, x):
                self.x = x
                return np.sin(x @ self.params[0])
            def backward(self, dout):
                W, = self.params
                dout = dout * np.cos(self.x @ W)
                self.grads[0][...] = self.x.T @ dout
                return dout @ W.T
        """,
        "self.grads[0][...] = self.x.T @ dout",
        "self.grads[0][...] += 1 - self.x.T @ dout",
    ),
    (
        "a pair of functions, gradients in another order than declared",
        """
        # trigrad: x: N D; W: D M; b: M
        def affine_tanh_forward(x, W, b):
            out = np.tanh(x @ W + b)
            return out, (x, W, out)

        def affine_tanh_backward(dout, cache):
            x, W, out = cache
            dz = dout * (1 - out ** 2)
            return dz.sum(axis=0), x.T @ dz, dz @ W.T
        """,
        "x.T @ dz",
        "-(x.T @ dz)",
    ),
    (
        "a pair of functions, gradients in a dictionary",
        """
        # trigrad: a: N D; b: N D
        def product_forward(a, b):
            return a * b * b, {"a": a, "b": b}

        def product_backward(dout, cache):
            a, b = cache["a"], cache["b"]
            return {"db": 2 * dout * a * b, "da": dout * b * b}
        """,
        "2 * dout * a * b",
        "dout * a * b",
    ),
    (
        "one function that returns its loss and gradients",
        """
        # trigrad: W: D C; X: fixed N D; y: labels<C N; forward: loss(W, X, y, 0.1)
        def loss(W, X, y, reg):
            picked = X @ W
            rows = np.arange(len(y))
            value = np.mean(picked[rows, y] ** 2) + reg * np.sum(W * W)
            d = np.zeros_like(picked)
            d[rows, y] = 2 * picked[rows, y] / len(y)
            return value, X.T @ d + 2 * reg * W
        """,
        "+ 2 * reg * W",
        "+ reg * W",
    ),
    (
        "a loss whose backward takes nothing",
        """
        # trigrad: y: N M; t: fixed N M
        class Half:
            def forward(self, y, t):
                self.y, self.t = y, t
                return np.sum((y - t) ** 2) / 2 / len(y)
            def backward(self):
                return (self.y - self.t) / len(self.y)
        """,
        "(self.y - self.t) / len(self.y)",
        "(self.y - self.t) / self.y.size",
    ),
    (
        "sizes, arrays and the layer itself in expressions",
        """
        # trigrad: x: N D; V: D+2 H; build: Odd(D, H); forward: layer.run([x, V])["out"]
        # trigrad: backward: layer.grad(np.tanh(out), dout); returns: out
        class Odd:
            def __init__(self, d, h):
                self.d, self.h = d, h
            def run(self, both):
                self.x, self.V = both
                return {"out": np.tanh(self.x @ self.V[: self.d]) + self.V[-1].sum()}
            def grad(self, _, dout):
                dz = dout * (1 - np.tanh(self.x @ self.V[: self.d]) ** 2)
                dV = np.zeros_like(self.V)
                dV[: self.d] = self.x.T @ dz
                dV[-1] = dout.sum()
                return dz @ self.V[: self.d].T, dV
        """,
        "dV[-1] = dout.sum()",
        "dV[-2] = dout.sum()",
    ),
    (
        "an output that is not the first of what forward returns",
        """
        # trigrad: x: N D; returns: out[1]
        class Second:
            def forward(self, x):
                return x, x ** 3
            def backward(self, dout, x):
                return 3 * dout * x ** 2
        """,
        "3 * dout",
        "2 * dout",
    ),
    (
        "a weight that is a number",
        """
        # trigrad: x: N D; alpha:
        class Leaky:
            def __init__(self, alpha):
                self.alpha = alpha
            def forward(self, x):
                self.x = x
                return np.where(x > 0, x, self.alpha * x)
            def backward(self, dout):
                self.dalpha = np.sum(dout * np.minimum(self.x, 0))
                return np.where(self.x > 0, dout, self.alpha * dout)
        """,
        "np.minimum(self.x, 0)",
        "np.minimum(self.x, 0) ** 2",
    ),
]
layers = pytest.mark.parametrize(
    ("text", "line", "mistake"), [each[1:] for each in LAYERS], ids=[each[0] for each in LAYERS]
)


@layers
def test_right_layers_pass_and_wrong_ones_fail(
    judge: Callable[[str], Report], text: str, line: str, mistake: str
) -> None:
    assert line in text
    report = judge(text)
    assert [layer.verdict.value for layer in report.layers] == ["pass"], str(report)
    assert not report.unjudged
    report = judge(text.replace(line, mistake))
    assert [layer.verdict.value for layer in report.layers] == ["fail"], str(report)
    assert report.exit_status == 1


def test_a_gradient_that_is_transposed_fails(judge: Callable[[str], Report]) -> None:
    text = """
        # trigrad: x: N D; W: D M
        class MatTanh:
            def __init__(self, W):
                self.W = W
            def forward(self, x):
                self.x = x
                return np.tanh(x @ self.W)
            def backward(self, dout):
                dz = dout * (1 - np.tanh(self.x @ self.W) ** 2)
                self.dW = dz.T @ self.x
                return dz @ self.W.T
        """
    (layer,) = judge(text).layers
    assert layer.verdict.value == "fail"
    assert next(j.claim.name for j in layer.judgements if j.fails) == "gradient of W shape"


@pytest.mark.parametrize("place", ["W", "x", "scale", "mean", "other"])
def test_a_gradient_in_the_place_of_something_else_fails(
    judge: Callable[[str], Report], place: str
) -> None:
    text = f"""
        # trigrad: x: N D; W: D M
        class Scaled:
            def __init__(self, W, scale=2.0):
                self.W, self.scale, self.other = W, scale, np.empty_like(W)
                self.other[...] = 7.0
            def forward(self, x):
                self.x, self.mean = x, 0.9 + self.W
                return np.tanh(x @ self.W) * self.scale
            def backward(self, dout):
                dz = dout * self.scale * (1 - np.tanh(self.x @ self.W) ** 2)
                dx = dz @ self.W.T
                self.{place} = self.x.T @ dz
                return dx
        """
    (layer,) = judge(text).layers
    assert layer.verdict.value == ("pass" if place == "other" else "fail")


@pytest.mark.parametrize(
    ("declaration", "why"),
    [
        ("x: N D; y: N D", "forward takes (x, scale, shift), but x and y are declared"),
        ("x: N D; forward: layer.forward(x, 1, 2); build: Odd(3)", "TypeError"),
    ],
)
def test_what_cannot_be_called_is_said(
    judge: Callable[[str], Report], declaration: str, why: str
) -> None:
    text = f"""
        # trigrad: {declaration}
        class Odd:
            def forward(self, x, scale, shift):
                return x * scale + shift
            def backward(self, dout):
                return dout
        """
    report = judge(text)
    assert not report.layers
    assert why in report.unjudged[0].why, report.unjudged[0].why
    assert report.exit_status == 3


def test_a_class_without_the_two_passes_needs_expressions(judge: Callable[[str], Report]) -> None:
    text = """
        # trigrad: x: N D
        class Odd:
            def up(self, x): return x
            def down(self, dout): return dout
        """
    assert "trigrad does not find its forward and backward" in judge(text).unjudged[0].why
    more = "x: N D; forward: layer.up(x); backward: layer.down(dout)"
    assert judge(text.replace("x: N D", more)).exit_status == 0


def test_what_an_expression_calls_is_not_listed(judge: Callable[[str], Report]) -> None:
    text = """
        # trigrad: z: C; forward: soft(z); backward: soft_grad(soft(z)).T @ dout
        def soft(z):
            e = np.exp(z)
            return e / e.sum()

        def soft_grad(s):
            return np.diag(s) - np.outer(s, s)
        """
    report = judge(text)
    assert report.exit_status == 0, str(report)
