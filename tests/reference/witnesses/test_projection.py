"""Large arrays: right gradients agree along a random direction, wrong ones are refuted."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from trigrad import check
from trigrad.cases.case import Case
from trigrad.claim.answers import Answers
from trigrad.claim.claim import Finding, Outcome, Severity
from trigrad.contracts.registry import CONTRACTS
from trigrad.contracts.schema import Array
from trigrad.defaults import ENTRY_BY_ENTRY
from trigrad.impl import layers
from trigrad.subject.dialects import dialect_of
from trigrad.subject.inprocess import InProcessFace
from trigrad.subject.loading.traces import Tracer
from trigrad.verdict.results import Verdict
from trigrad.witnesses.finite_difference import check_gradient

ROWS = {row.name: row for row in CONTRACTS}
SIZES = {"N": 20, "D": 784, "M": 50, "C": 300}


def finding(subject: type, name: str, row: str, **arrays: Array) -> Finding:
    """What finite differences say of one gradient of a layer in the chapter's sizes."""
    contract = ROWS[row]
    face = InProcessFace(contract, dialect_of(contract, subject), Tracer({}))
    given = {variable.name for variable in contract.parameters}
    dout = None
    if contract.output:
        shape = tuple(SIZES[symbol] for symbol in contract.output)
        dout = np.random.default_rng(1).normal(size=shape)
    case = Case(
        {symbol: SIZES[symbol] for symbol in contract.symbols},
        {k: v for k, v in arrays.items() if k not in given},
        {k: v for k, v in arrays.items() if k in given},
        dout,
    )
    assert case.arrays[name].size > ENTRY_BY_ENTRY
    return check_gradient(name, Answers(contract, face, case))


def normal(*shape: int, seed: int = 0) -> Array:
    return np.random.default_rng(seed).normal(size=shape)


def affine() -> dict[str, Array]:
    return {"x": normal(20, 784), "W": normal(784, 50, seed=2) / 28, "b": normal(50, seed=3)}


def logits() -> dict[str, Array]:
    return {"x": normal(20, 300), "t": np.eye(300)[np.arange(20)]}


RIGHT = {
    "Affine: x": (layers.Affine, "x", "Affine", affine),
    "Affine: W": (layers.Affine, "W", "Affine", affine),
    "Relu": (layers.Relu, "x", "Relu", lambda: {"x": normal(20, 784)}),
    "Sigmoid": (layers.Sigmoid, "x", "Sigmoid", lambda: {"x": normal(20, 784)}),
    "MulLayer: y": (
        layers.MulLayer,
        "y",
        "MulLayer",
        lambda: {"x": normal(20, 784), "y": normal(20, 784, seed=5)},
    ),
    "SoftmaxWithLoss": (layers.SoftmaxWithLoss, "x", "SoftmaxWithLoss", logits),
    # The loss is 0 all around, and its gradients are not, but below 1e-19.
    "SoftmaxWithLoss, sure and right": (
        layers.SoftmaxWithLoss,
        "x",
        "SoftmaxWithLoss",
        lambda: {**logits(), "x": logits()["x"] + 50 * logits()["t"]},
    ),
}


@pytest.mark.parametrize("case", RIGHT)
def test_right_layers_hold_in_the_chapters_sizes(case: str) -> None:
    subject, name, row, arrays = RIGHT[case]
    assert finding(subject, name, row, **arrays()).outcome is Outcome.PASS


def test_a_gradient_where_the_loss_is_flat_is_refuted() -> None:
    class Spoiled(layers.SoftmaxWithLoss):
        def backward(self, dout: float = 1) -> Array:
            return super().backward(dout) + 1e-3

    arrays = RIGHT["SoftmaxWithLoss, sure and right"][3]()
    assert finding(Spoiled, "x", "SoftmaxWithLoss", **arrays).outcome is Outcome.FAIL


def spoiled(change: Callable[[Array], None]) -> type:
    class Spoiled(layers.Affine):
        def backward(self, dout: Array) -> Array:
            dx = super().backward(dout)
            change(self.dW)
            return dx

    return Spoiled


def test_one_entry_of_39200_is_named() -> None:
    def change(dW: Array) -> None:
        dW[300, 7] += 1e-4

    found = finding(spoiled(change), "W", "Affine", **affine())
    assert found.outcome is Outcome.FAIL
    assert (
        found.message == "the gradient of W is not the derivative of forward when arrays are large"
    )
    assert found.evidence is not None
    arrays = affine()
    dout = np.random.default_rng(1).normal(size=(20, 50))
    right = float((arrays["x"].T @ dout)[300, 7])
    assert str(found.evidence.is_) == f"[300, 7] = {right + 1e-4:.6g}"
    assert str(found.evidence.should_be) == f"[300, 7] = {right:.6g}"


@pytest.mark.parametrize(
    "change",
    [
        lambda dW: np.negative(dW, out=dW),
        lambda dW: np.multiply(dW, 20, out=dW),
        lambda dW: dW.fill(0),
        lambda dW: np.copyto(dW[:, 0], 0),
        lambda dW: np.copyto(dW, dW[::-1].copy()),
    ],
    ids=["sign", "times 20", "zeros", "a column", "rows reversed"],
)
def test_wrong_all_over_is_refuted(change: Callable[[Array], None]) -> None:
    found = finding(spoiled(change), "W", "Affine", **affine())
    assert found.outcome is Outcome.FAIL
    assert found.evidence is not None
    assert str(found.evidence.is_).startswith("[")


def test_a_stabiliser_in_the_logarithm_is_allowed() -> None:
    class BookLoss(layers.SoftmaxWithLoss):
        def forward(self, x: Array, t: Array) -> float:
            super().forward(x, t)
            y = np.exp(x) / np.exp(x).sum(axis=1, keepdims=True)
            return float(-np.sum(t * np.log(y + 1e-7)) / len(x))

    assert finding(BookLoss, "x", "SoftmaxWithLoss", **logits()).outcome is Outcome.PASS


class FirstTenColumns:
    """An Affine whose gradient of W is right as long as W has at most ten columns."""

    def __init__(self, W: Array, b: Array) -> None:
        self.W, self.b = W, b

    def forward(self, x: Array) -> Array:
        self.x = x
        return x @ self.W + self.b

    def backward(self, dout: Array) -> Array:
        self.dW = np.zeros_like(self.W)
        for column in range(min(10, self.W.shape[1])):
            self.dW[:, column] = self.x.T @ dout[:, column]
        self.db = dout.sum(axis=0)
        return dout @ self.W.T


def test_a_mistake_that_no_small_case_shows_fails_the_layer() -> None:
    (layer,) = check(FirstTenColumns, contract="Affine").layers
    assert layer.verdict is Verdict.FAIL
    failed = [
        j.finding.message
        for j in layer.judgements
        if j.finding.outcome is Outcome.FAIL and j.claim.severity is Severity.MUST
    ]
    assert failed == [
        "the gradient of W is wrong: PyTorch computes another one",
        "the gradient of W is not the derivative of forward when arrays are large",
    ]


def test_the_screen_shows_no_thousand_numbers() -> None:
    text = str(check(FirstTenColumns, contract="Affine"))
    shapes = "x (3, 50), W (50, 50), b (50,), dout (3, 50)"
    assert f"case       random numbers in the shapes {shapes}" in text
    assert len(text) < 1_500
