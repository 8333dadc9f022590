"""Losses beside SoftmaxWithLoss: of numbers, and of yes or no.

In all of them x and the targets t have the same shape, which may be any, and the loss is a mean
over all their entries. dout is a number, the gradient with respect to the loss: 1 where the loss
is the end. A ValueError is raised where the shapes differ: broadcast, (N, 1) and (N,) would make
N * N differences of N numbers.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .functions import Array, as_float, sigmoid


class MeanSquaredError:
    """How far numbers are from their targets, where twice as far counts four times."""

    def forward(self, x: Array, t: ArrayLike) -> np.floating[Any]:
        """loss = mean((x - t)**2)"""
        x = as_float(x)
        self.difference = x - targets(t, x)
        loss: np.floating[Any] = np.mean(self.difference**2)
        return loss

    def backward(self, dout: float | np.floating[Any] = 1) -> Array:
        """dx = dout * 2 * (x - t) / n, with n entries"""
        return dout * 2 * self.difference / self.difference.size


class Huber:
    """A squared error near the target, and a straight line further off (Huber 1964).

    Outliers pull less than in the mean squared error. delta: where the line begins.
    """

    def __init__(self, delta: float = 1.0) -> None:
        self.delta = delta

    def forward(self, x: Array, t: ArrayLike) -> np.floating[Any]:
        """loss = the mean of d**2 / 2 where abs(d) <= delta, else delta * (abs(d) - delta / 2)

        where d = x - t.
        """
        x = as_float(x)
        self.difference = x - targets(t, x)
        far = np.abs(self.difference)
        curve, line = far**2 / 2, self.delta * (far - self.delta / 2)
        loss: np.floating[Any] = np.mean(np.where(far <= self.delta, curve, line))
        return loss

    def backward(self, dout: float | np.floating[Any] = 1) -> Array:
        """dx = dout * d / n, with n entries, where d is cut off at -delta and delta"""
        cut = np.clip(self.difference, -self.delta, self.delta)
        return dout * cut / cut.size


class SigmoidWithLoss:
    """The binary cross-entropy of y = sigmoid(x) with the targets t: 1 for yes, 0 for no."""

    def forward(self, x: Array, t: ArrayLike) -> np.floating[Any]:
        """loss = the mean of -(t * log(y) + (1 - t) * log(1 - y))"""
        x = as_float(x)
        self.y, self.t = sigmoid(x), targets(t, x)
        # Far from 0, y is rounded to 0 or 1, and its logarithm would be -infinity. But
        # -log(1 - y) = log(1 + exp(x)), which is logaddexp(x, 0), and -log(y) is x less than that.
        loss: np.floating[Any] = np.mean(np.logaddexp(x, 0) - self.t * x)
        return loss

    def backward(self, dout: float | np.floating[Any] = 1) -> Array:
        """dx = dout * (y - t) / n, with n entries"""
        return dout * (self.y - self.t) / self.y.size


def targets(t: ArrayLike, x: Array) -> Array:
    """t as an array of x's dtype. Raises ValueError where its shape is not x's."""
    if np.shape(t) != x.shape:
        raise ValueError(f"t of shape {np.shape(t)}: should be x's shape, {x.shape}")
    return np.array(t, x.dtype)  # a copy: it is kept until backward
