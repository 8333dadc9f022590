"""Losses with a number added inside the logarithm, and its effect on a numerical gradient.

The book has log(y + 1e-7).

With d inside the logarithm, the loss of a sample is -log(y_t + d), and its derivative with respect
to the scores is (y - t) * y_t / (y_t + d): smaller than what back-propagation computes by the share
d / (y_t + d).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from trigrad.cases.case import Case
from trigrad.contracts.schema import Array
from trigrad.contracts.variables import STABILISER
from trigrad.impl.functions import one_hot
from trigrad.impl.layers import SoftmaxWithLoss
from trigrad.impl.network import TwoLayerNet

HALVED = 40
"""Bisection steps to find the number: it is then known to 12 digits."""


class BookSoftmaxWithLoss(SoftmaxWithLoss):
    """The layer with the book's loss; its backward is that of the exact loss, as in the book."""

    def forward(self, x: Array, t: Any) -> np.floating[Any]:
        """The mean of -log(y + 1e-7), where y is the probability of the correct class."""
        super().forward(x, t)
        y = np.atleast_2d(self.y)
        loss: np.floating[Any] = -np.mean(
            np.sum(np.atleast_2d(one_hot(t, self.y)) * np.log(y + STABILISER), axis=1)
        )
        self.loss = loss
        return loss


class BookTwoLayerNet(TwoLayerNet):
    """The network of `trigrad.impl` with the book's loss."""

    def __init__(self, input_size: int, hidden_size: int, output_size: int) -> None:
        super().__init__(input_size, hidden_size, output_size)
        self.lastLayer = BookSoftmaxWithLoss()


def loss_with(case: Case, inside: float) -> float:
    """The loss of a network with the case's weights and this number inside the logarithm."""
    right = np.sum(_probabilities(case) * case.operands["t"], axis=1)
    return float(-np.mean(np.log(right + inside)))


def inside_of(loss: float, case: Case, rounding: float) -> float | None:
    """The number inside the logarithm, up to the book's, that gives this loss; None if none does.

    0 if it is the exact loss to within `rounding`.
    """
    for known in (0.0, STABILISER):
        if abs(loss - loss_with(case, known)) <= rounding:
            return known
    low, high = 0.0, STABILISER
    if not loss_with(case, high) < loss < loss_with(case, low):
        return None
    for _ in range(HALVED):  # the loss falls as the number grows
        middle = (low + high) / 2
        low, high = (low, middle) if loss_with(case, middle) < loss else (middle, high)
    return high


def missing_share(case: Case, inside: float) -> dict[str, Array]:
    """How much the number makes each numerical gradient differ from back-propagation's."""
    a, t = case.arrays, case.operands["t"]
    y = _probabilities(case)
    right = np.sum(y * t, axis=1, keepdims=True)
    scores = (y - t) / len(t) * (inside / (right + inside))
    hidden = np.maximum(a["x"] @ a["W1"] + a["b1"], 0)
    back = scores @ a["W2"].T * (hidden > 0)
    return {
        "W1": a["x"].T @ back,
        "b1": back.sum(axis=0),
        "W2": hidden.T @ scores,
        "b2": scores.sum(axis=0),
    }


def _probabilities(case: Case) -> Array:
    a = case.arrays
    hidden = np.maximum(a["x"] @ a["W1"] + a["b1"], 0)
    scores = hidden @ a["W2"] + a["b2"]
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(e / e.sum(axis=1, keepdims=True))
