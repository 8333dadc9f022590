"""Code that nobody means to write."""

from __future__ import annotations

import ast

import pytest

from trigrad.repair.edits.implausible import oddities


@pytest.mark.parametrize(
    "odd",
    ["m = b.shape[1]", "m = W.shape[0]", "N = len(self.b)", "m = params['b1'].size", "m = 1"],
)
def test_the_batch_is_not_measured_on_a_parameter(odd: str) -> None:
    assert oddities(ast.parse(odd)) == 1


@pytest.mark.parametrize(
    "usual", ["m = A.shape[1]", "N = len(x)", "D = W.shape[0]", "m = x.size", "n, d = W.shape"]
)
def test_on_what_it_is_measured(usual: str) -> None:
    assert oddities(ast.parse(usual)) == 0


@pytest.mark.parametrize(
    ("text", "odd"), [("1 * x", 1), ("x * 1", 1), ("0 * x", 0), ("1 / x", 0), ("1 - x", 0)]
)
def test_factors_that_change_nothing(text: str, odd: int) -> None:
    assert oddities(ast.parse(text)) == odd


@pytest.mark.parametrize(
    ("text", "odd"),
    [
        ("self.W += lr * (-x.T @ dout)", 1),
        ("self.W -= -(lr * x.T) @ dout", 1),
        ("self.W += lr * np.dot(-delta, x.T)", 1),
        ("self.rate = -lr", 1),
        ("W = W + -lr * dW", 1),
        ("self.W -= lr * x.T @ dout", 0),
        ("dx = -dout * self.y", 0),
        ("b += dout.sum(axis=-1)", 0),
    ],
)
def test_a_step_goes_down_by_its_operator(text: str, odd: int) -> None:
    assert oddities(ast.parse(text)) == odd
