"""Gradients of arrays of one declared shape: names and places decide, and not values."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from trigrad import Report, check
from trigrad.subject.dialects.bytecode import returned_names
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


def product(ending: str, declaration: str = "# trigrad: x, y: N D") -> str:
    """A product of two arrays of one shape, whose backward ends so."""
    lines = textwrap.indent(textwrap.dedent(ending).strip(), " " * 8)
    return f"""
{declaration}
class Product:
    def forward(self, x, y):
        self.x, self.y = x, y
        return x * y

    def backward(self, dout):
{lines}
"""


RIGHT = {
    "places": "return dout * self.y, dout * self.x",
    "a list": "return [dout * self.y, dout * self.x]",
    "names": "dx = dout * self.y\ndy = dout * self.x\nreturn dx, dy",
    "names in another order": "dx = dout * self.y\ndy = dout * self.x\nreturn dy, dx",
    "attributes returned in another order": (
        "self.dx = dout * self.y\nself.dy = dout * self.x\nreturn self.dy, self.dx"
    ),
    "places, with names of what they are made of": (
        "dy = dout * self.y\ndx = dout * self.x\nreturn dy, dx"
    ),
    "names that mean others": "dy = dout * self.y\ndx = dout * self.x\nreturn dy, dx",
    "attributes": "self.dx = dout * self.y\nself.dy = dout * self.x",
    "attributes with other names": "self.first = dout * self.y\nself.second = dout * self.x",
    "one returned, one kept": "self.dy = dout * self.x\nreturn dout * self.y",
    "keys": 'return {"dy": dout * self.x, "dx": dout * self.y}',
    "keys without a meaning": 'return {"one": dout * self.x, "two": dout * self.y}',
    "keys in the statement that returns": (
        'grads = {"x": dout * self.y, "y": dout * self.x}\nreturn grads["y"], grads["x"]'
    ),
    "a list filled from behind": (
        "found = []\nfor each in (self.x, self.y):\n    found.append(dout * each)\nreturn found"
    ),
    "a tuple in a name": "found = (dout * self.y, dout * self.x)\nreturn found",
}

WRONG = {
    "places": "return dout * self.x, dout * self.y",
    "a list": "return [dout * self.x, dout * self.y]",
    "names": "dx = dout * self.x\ndy = dout * self.y\nreturn dx, dy",
    "attributes": "self.dx = dout * self.x\nself.dy = dout * self.y",
    "one returned, one kept": "self.dy = dout * self.y\nreturn dout * self.x",
    "keys": 'return {"dx": dout * self.x, "dy": dout * self.y}',
    "a tuple in a name": "found = (dout * self.x, dout * self.y)\nreturn found",
    "unpacked": "x, y = self.x, self.y\nreturn x * dout, y * dout",
}


@pytest.mark.parametrize("ending", RIGHT.values(), ids=RIGHT)
def test_each_gradient_at_its_name_or_place_passes(
    judge: Callable[[str], Report], ending: str
) -> None:
    report = judge(product(ending))
    assert [layer.verdict.value for layer in report.layers] == ["pass"], str(report)


@pytest.mark.parametrize("ending", WRONG.values(), ids=WRONG)
def test_gradients_in_each_others_places_fail(judge: Callable[[str], Report], ending: str) -> None:
    report = judge(product(ending))
    (layer,) = report.layers
    assert layer.verdict.value == "fail", str(report)
    assert {str(j.claim.about) for j in layer.judgements if j.fails} >= {
        "gradient of x",
        "gradient of y",
    }


def undeclared(ending: str, *, known: bool = False) -> str:
    """A function of two arrays with nothing declared; a `known` one is their product."""
    text = product(ending, "").replace("Product", "Blend")
    if known:
        return text
    text = text.replace("x * y", "np.sin(x) * y * y").replace("dout * self.x", "dout * FIRST")
    text = text.replace("dout * self.y", "dout * np.cos(self.x) * self.y**2")
    return text.replace("dout * FIRST", "dout * np.sin(self.x) * 2 * self.y")


ORDERS = {
    "names": "dx = dout * self.y\ndy = dout * self.x\nreturn dy, dx",
    "attributes": "self.dx = dout * self.y\nself.dy = dout * self.x\nreturn self.dy, self.dx",
}
EXCHANGES = {
    "places": "return dout * self.x, dout * self.y",
    "names": "dx = dout * self.x\ndy = dout * self.y\nreturn dx, dy",
    "attributes": "self.dx = dout * self.x\nself.dy = dout * self.y",
}


@pytest.mark.parametrize("known", [False, True])
@pytest.mark.parametrize("ending", ORDERS.values(), ids=ORDERS)
def test_another_order_than_forwards_is_undecided_until_it_is_declared(
    judge: Callable[[str], Report], ending: str, *, known: bool
) -> None:
    """What calls it may know the order, which its names tell: a guess cannot."""
    text = undeclared(ending, known=known)
    report = judge(text)
    (layer,) = report.layers
    assert layer.verdict.value == "inconclusive", str(report)
    said = str(layer.undecided)
    assert "returns the gradients of y and x in this order" in said
    line = said[said.index("# trigrad:") :]
    declared = judge(f"{line}\n{text.strip()}")
    assert [each.verdict.value for each in declared.layers] == ["pass"], str(declared)
    assert "backward returns the gradients of y and x in this order" in str(declared)


@pytest.mark.parametrize("known", [False, True])
@pytest.mark.parametrize("ending", EXCHANGES.values(), ids=EXCHANGES)
def test_exchanged_gradients_are_told_as_such_of_what_is_guessed(
    judge: Callable[[str], Report], ending: str, *, known: bool
) -> None:
    """So it is of a row of contracts too; a y is then no target of a loss."""
    report = judge(undeclared(ending, known=known))
    verdict = "fail" if known else "inconclusive"
    assert [layer.verdict.value for layer in report.layers] == [verdict], str(report)
    assert "the gradients of x and y: each has the value of the other" in str(report)


@pytest.mark.parametrize("known", [False, True])
def test_in_the_order_of_forward_it_passes(judge: Callable[[str], Report], *, known: bool) -> None:
    report = judge(undeclared("return dout * self.y, dout * self.x", known=known))
    assert [layer.verdict.value for layer in report.layers] == ["pass"], str(report)


def test_of_what_is_declared_names_count_and_the_order_is_said(
    judge: Callable[[str], Report],
) -> None:
    said = "backward returns the gradients of y and x in this order"
    assert said in str(judge(product(RIGHT["names in another order"])))
    assert said not in str(judge(product(RIGHT["names"])))
    assert said not in str(judge(product(RIGHT["attributes"])))


SLOPE = "4 * (self.x - self.y) ** 3 / self.x.size"
LOSSES = {
    "a prediction that is returned too": f"probs = self.x * 1\n        return {SLOPE}, probs",
    "the gradient of the target too": f"dx = {SLOPE}\n        return dx, -dx",
    "one gradient": f"return {SLOPE}",
}


@pytest.mark.parametrize("gradient", LOSSES.values(), ids=LOSSES)
def test_losses_are_guessed_as_before(judge: Callable[[str], Report], gradient: str) -> None:
    text = f"""
class Gap:
    def forward(self, x, y):
        self.x, self.y = x, y
        return np.mean((x - y) ** 4)

    def backward(self):
        {gradient}
"""
    report = judge(text)
    assert [layer.verdict.value for layer in report.layers] == ["pass"], str(report)
    report = judge(text.replace("4 * (self.x", "3 * (self.x"))
    assert [layer.verdict.value for layer in report.layers] == ["inconclusive"], str(report)


# Right layers, and what to exchange in them so that two gradients change places.
EXCHANGED = [
    (
        "three weights of one shape in another order than declared, by the constructor's",
        """
        # trigrad: x: N D; V, U, W: D D
        class Three:
            def __init__(self, W, U, V):
                self.W, self.U, self.V = W, U, V
            def forward(self, x):
                self.x = x
                return np.tanh(x @ self.W) + np.sin(x @ self.U) + x @ self.V
            def backward(self, dout):
                one = dout * (1 - np.tanh(self.x @ self.W) ** 2)
                two = dout * np.cos(self.x @ self.U)
                dx = one @ self.W.T + two @ self.U.T + dout @ self.V.T
                return dx, self.x.T @ one, self.x.T @ two, self.x.T @ dout
        """,
        "self.x.T @ one, self.x.T @ two",
        "self.x.T @ two, self.x.T @ one",
    ),
    (
        "lists of weights and of gradients side by side",
        """
        # trigrad: x: N D; W: D D; U: D D; build: Two(W, U)
        class Two:
            def __init__(self, W, U):
                self.params = [W, U]
                self.grads = [np.zeros_like(W), np.zeros_like(U)]
            def forward(self, x):
                self.x = x
                return np.tanh(x @ self.params[0]) + np.sin(x @ self.params[1])
            def backward(self, dout):
                W, U = self.params
                one = dout * (1 - np.tanh(self.x @ W) ** 2)
                two = dout * np.cos(self.x @ U)
                self.grads[0][...], self.grads[1][...] = self.x.T @ one, self.x.T @ two
                return one @ W.T + two @ U.T
        """,
        "= self.x.T @ one, self.x.T @ two",
        "= self.x.T @ two, self.x.T @ one",
    ),
    (
        "attention by functions, the gradients in the order of the arguments",
        """
        # trigrad: q, k, v: T D
        def attention_forward(q, k, v):
            scores = q @ k.T
            weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
            weights /= weights.sum(axis=-1, keepdims=True)
            return weights @ v, (q, k, v, weights)
        def attention_backward(dout, cache):
            q, k, v, weights = cache
            dweights = dout @ v.T
            dscores = weights * (dweights - (weights * dweights).sum(axis=-1, keepdims=True))
            return dscores @ k, dscores.T @ q, weights.T @ dout
        """,
        "return dscores @ k, dscores.T @ q,",
        "return dscores.T @ q, dscores @ k,",
    ),
    (
        "a step of an LSTM that returns the cell's gradient first, by name",
        """
        # trigrad: h, c: N H
        # trigrad: forward: mix(h, c); backward: mix_back(dout, cache)
        def mix(h, c):
            return np.tanh(c) * h * h, (h, c)
        def mix_back(dout, cache):
            h, c = cache
            dh = dout * np.tanh(c) * 2 * h
            dc = dout * h * h * (1 - np.tanh(c) ** 2)
            return dc, dh
        """,
        "return dc, dh",
        "return dout * h * h * (1 - np.tanh(c) ** 2), dh + 0.0",
    ),
    (
        "gradients by shape in any order, biases of one shape in theirs",
        """
        # trigrad: x: N D; W: D M; b: M; c: M
        def gate_forward(x, W, b, c):
            z = x @ W + b
            return np.tanh(z) * c, (x, W, z, c)
        def gate_backward(dout, cache):
            x, W, z, c = cache
            dz = dout * c * (1 - np.tanh(z) ** 2)
            first, second = dz.sum(axis=0), (dout * np.tanh(z)).sum(axis=0)
            return x.T @ dz, first * 1, second * 1, dz @ W.T
        """,
        "first * 1, second * 1",
        "second * 1, first * 1",
    ),
]


@pytest.mark.parametrize(
    ("text", "line", "mistake"), [e[1:] for e in EXCHANGED], ids=[e[0] for e in EXCHANGED]
)
def test_layers_of_several_arrays_of_one_shape(
    judge: Callable[[str], Report], text: str, line: str, mistake: str
) -> None:
    assert line in text
    report = judge(text)
    assert [layer.verdict.value for layer in report.layers] == ["pass"], str(report)
    report = judge(text.replace(line, mistake))
    assert [layer.verdict.value for layer in report.layers] == ["fail"], str(report)


class _Returns:
    dW: Any  # noqa: N815 - as learners call it

    def names(self, dout: Any, db: Any) -> Any:
        dx = dout * 2
        return dx, self.dW, db

    def partly(self, dout: Any, db: Any) -> Any:
        return dout, dout * 2, db, self.dW

    def keys(self, dout: Any, db: Any) -> Any:
        return db["dW"], dout

    def early(self, dout: Any, db: Any) -> Any:
        if db is None:
            return None
        return [dout, db]

    def several(self, dout: Any, db: Any) -> Any:
        if db is None:
            return dout, dout
        return dout, db

    def made(self, dout: Any, db: Any) -> Any:
        found = (dout, db)
        return found


def test_the_second_of_two_factors_may_be_called_b(judge: Callable[[str], Report]) -> None:
    text = product("return dout * self.y, dout * self.x", "").replace("Product", "Gate")
    text = text.replace("self, x, y", "self, a, b").replace("= x, y", "= a, b")
    report = judge(text.replace("x * y", "a * b"))
    assert [layer.verdict.value for layer in report.layers] == ["pass"], str(report)


def test_names_in_the_statement_that_returns() -> None:
    assert returned_names(_Returns.names) == ("dx", "dW", "db")
    assert returned_names(_Returns.partly) == ("", "", "db", "dW")
    assert returned_names(_Returns.keys) == ("dW", "dout")
    assert returned_names(_Returns.early) == ("dout", "db")
    assert returned_names(_Returns.several) is None
    assert returned_names(_Returns.made) is None
    assert returned_names(np.sum) is None
    assert returned_names(None) is None
