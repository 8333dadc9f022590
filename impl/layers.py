"""The layers of chapter 5: what goes forward, and how its gradient comes back.

Every layer has two methods. `forward` computes the output and keeps what `backward` will need.
`backward` takes dout, the gradient of the loss with respect to that output (same shape), and
returns the gradient with respect to each input (same shape as the input): the chain rule. It
belongs to the latest forward, so forward comes first. Gradients are always new arrays: changing
one changes neither an argument nor another gradient.
"""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from .functions import Array, as_float, log_softmax, one_hot, sigmoid

Value: TypeAlias = Array | float  # plain numbers stay plain numbers in MulLayer and AddLayer


class MulLayer:
    """The product of x and y: numbers, or arrays whose shapes broadcast to out's."""

    def forward(self, x: Value, y: Value) -> Value:
        """out = x * y"""
        self.x = x
        self.y = y
        return x * y

    def backward(self, dout: Value) -> tuple[Value, Value]:
        """dx = dout * y,  dy = dout * x"""
        dx = dout * self.y
        dy = dout * self.x
        return sum_to_shape(dx, np.shape(self.x)), sum_to_shape(dy, np.shape(self.y))


class AddLayer:
    """The sum of x and y: numbers, or arrays whose shapes broadcast to out's."""

    def forward(self, x: Value, y: Value) -> Value:
        """out = x + y"""
        self.x_shape = np.shape(x)
        self.y_shape = np.shape(y)
        return x + y

    def backward(self, dout: Value) -> tuple[Value, Value]:
        """dx = dout,  dy = dout"""
        dx = dout * 1  # not dout itself: times 1 makes a new array
        dy = dout * 1
        return sum_to_shape(dx, self.x_shape), sum_to_shape(dy, self.y_shape)


def sum_to_shape(grad: Value, shape: tuple[int, ...]) -> Value:
    """The gradient of an operand of this shape that was broadcast to grad's shape.

    Broadcasting uses one element many times, and the derivatives of its uses add up: grad is
    summed over the axes that broadcasting put in front, and over those it stretched from 1.
    For example (N, D) is summed over N to (D,), and over D to (N, 1).

    Raises ValueError if shape cannot be broadcast to grad's.
    """
    if np.shape(grad) == shape:
        return grad
    in_front = np.ndim(grad) - len(shape)
    stretched = [in_front + axis for axis, length in enumerate(shape) if length == 1]
    summed: Array = np.sum(grad, axis=(*range(in_front), *stretched))
    return summed.reshape(shape)


class Relu:
    """Lets positive numbers pass. x: any shape. NaN passes too, so that it is not hidden."""

    def forward(self, x: Array) -> Array:
        """out = x where x > 0, else 0: the larger of x and 0"""
        self.mask = x <= 0  # True where nothing passes
        return np.maximum(x, 0)

    def backward(self, dout: Array) -> Array:
        """dx = dout where x > 0, else 0 (0 also at x = 0, where there is no derivative)"""
        return np.where(self.mask, 0, dout)


class Sigmoid:
    """Squeezes any number into 0 ... 1. x: any shape."""

    def forward(self, x: Array) -> Array:
        """out = 1 / (1 + exp(-x))"""
        self.out = sigmoid(x)
        return self.out

    def backward(self, dout: Array) -> Array:
        """dx = dout * out * (1 - out)"""
        return dout * self.out * (1 - self.out)


class Affine:
    """Multiplication by weights W (D, M), plus a bias b (M,).

    The layer uses these very arrays: changing them in place trains it.
    x: (N, D), or (N, ...) with D numbers in each sample, and out is (N, M);
    or a single sample (D,), and out is (M,).

    Raises ValueError if b or x does not fit W.
    """

    def __init__(self, W: Array, b: Array) -> None:
        if W.ndim != 2 or b.shape != W.shape[1:]:
            raise ValueError(f"W {W.shape} and b {b.shape}: should be (D, M) and (M,)")
        self.W = W
        self.b = b

    def forward(self, x: Array) -> Array:
        """out = x @ W + b"""
        samples = np.atleast_2d(x)  # (N, ...), also for a single sample
        N, D = samples.shape[0], self.W.shape[0]
        if samples.size != N * D:
            raise ValueError(
                f"x of shape {x.shape} does not fit W of shape {self.W.shape}: "
                f"each sample should have {D} numbers"
            )
        self.x_shape = x.shape
        self.x = samples.reshape(N, D)
        out = self.x @ self.W + self.b
        return out[0] if x.ndim == 1 else out

    def backward(self, dout: Array) -> Array:
        """dx = dout @ W.T,  dW = x.T @ dout,  db = dout summed over the batch

        Returns dx in x's own shape; leaves dW (D, M) and db (M,) as attributes.
        """
        dout = np.atleast_2d(dout)  # (N, M), also for a single sample
        dx = dout @ self.W.T
        self.dW = self.x.T @ dout
        self.db = np.sum(dout, axis=0)
        return dx.reshape(self.x_shape)


class SoftmaxWithLoss:
    """The cross-entropy of y = softmax(x) with the targets t, averaged over the batch.

    x: (N, C) scores, or (C,), a batch of one. t: one-hot like x, other rows that sum to 1, or
    integer labels; `functions.one_hot` says more, also what is raised.
    """

    def forward(self, x: Array, t: ArrayLike) -> np.floating[Any]:
        """loss = mean over the batch of -sum(t * log(y)), a scalar"""
        x = as_float(x)
        self.t = one_hot(t, x)
        self.batch_size = 1 if x.ndim == 1 else x.shape[0]
        # y is computed from log(y). The other way round, log(y) would be -inf where the network
        # is confidently wrong: there y underflows to 0.
        log_y = log_softmax(x)
        self.y = np.exp(log_y)
        loss: np.floating[Any] = -np.sum(self.t * log_y) / self.batch_size
        self.loss = loss
        return loss

    def backward(self, dout: float | np.floating[Any] = 1) -> Array:
        """dx = dout * (y - t) / N

        dout: a number, the gradient with respect to the loss: 1 where the loss is the end.
        """
        return dout * (self.y - self.t) / self.batch_size
