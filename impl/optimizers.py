"""Optimisers (chapter 6): how the weights move, once their gradients are known.

An optimiser is made once and keeps what it remembers between steps. `update(params, grads)` takes
one step: params and grads are dicts with the same keys, such as those of TwoLayerNet, and for every
key two float arrays of one shape. The arrays of params are changed in place, so that the layers
that hold them move too; those of grads are left as they are. What is remembered of an array has
its shape and belongs to its key alone.

In the formulas w is an array of params, g its gradient, and all operations are elementwise.
"""

from collections.abc import Mapping

import numpy as np

from .functions import Array

Arrays = Mapping[str, Array]


class SGD:
    """Stochastic gradient descent: a step against the gradient.

    w = w - lr * g
    """

    def __init__(self, lr: float = 0.01) -> None:
        self.lr = lr

    def update(self, params: Arrays, grads: Arrays) -> None:
        """One step of every array in params."""
        for key, w in params.items():
            w -= self.lr * grads[key]


class Momentum:
    """The step is a velocity v, which remembers the gradients before (Polyak 1964).

    v = momentum * v - lr * g
    w = w + v
    """

    def __init__(self, lr: float = 0.01, momentum: float = 0.9) -> None:
        self.lr = lr
        self.momentum = momentum
        self.v: dict[str, Array] = {}

    def update(self, params: Arrays, grads: Arrays) -> None:
        """One step of every array in params."""
        for key, w in params.items():
            v = self.v.get(key, np.zeros_like(w))
            self.v[key] = self.momentum * v - self.lr * grads[key]
            w += self.v[key]


class Nesterov:
    """Momentum that looks ahead: w is where the velocity will have led (Sutskever et al. 2013).

    v = momentum * v - lr * g
    w = w + momentum * v - lr * g
    """

    def __init__(self, lr: float = 0.01, momentum: float = 0.9) -> None:
        self.lr = lr
        self.momentum = momentum
        self.v: dict[str, Array] = {}

    def update(self, params: Arrays, grads: Arrays) -> None:
        """One step of every array in params."""
        for key, w in params.items():
            g = grads[key]
            v = self.v.get(key, np.zeros_like(w))
            self.v[key] = self.momentum * v - self.lr * g
            w += self.momentum * self.v[key] - self.lr * g


class AdaGrad:
    """Each number has its own step, smaller the more it has moved (Duchi et al. 2011).

    h = h + g**2
    w = w - lr * g / (sqrt(h) + eps)
    """

    def __init__(self, lr: float = 0.01, eps: float = 1e-7) -> None:
        self.lr = lr
        self.eps = eps
        self.h: dict[str, Array] = {}

    def update(self, params: Arrays, grads: Arrays) -> None:
        """One step of every array in params."""
        for key, w in params.items():
            g = grads[key]
            self.h[key] = self.h.get(key, np.zeros_like(w)) + g**2
            w -= self.lr * g / (np.sqrt(self.h[key]) + self.eps)


class RMSprop:
    """AdaGrad that forgets: h is a moving average of g**2 (Hinton 2012).

    h = rho * h + (1 - rho) * g**2
    w = w - lr * g / (sqrt(h) + eps)
    """

    def __init__(self, lr: float = 0.01, rho: float = 0.99, eps: float = 1e-7) -> None:
        self.lr = lr
        self.rho = rho
        self.eps = eps
        self.h: dict[str, Array] = {}

    def update(self, params: Arrays, grads: Arrays) -> None:
        """One step of every array in params."""
        for key, w in params.items():
            g = grads[key]
            h = self.h.get(key, np.zeros_like(w))
            self.h[key] = self.rho * h + (1 - self.rho) * g**2
            w -= self.lr * g / (np.sqrt(self.h[key]) + self.eps)


class Adam:
    """Momentum and RMSprop together (Kingma and Ba 2015).

    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    w = w - lr * m_hat / (sqrt(v_hat) + eps)

    m and v begin at 0, and so are too small in the first steps. In step t = 1, 2, … they are
    m_hat = m / (1 - beta1**t) and v_hat = v / (1 - beta2**t) without this bias.
    """

    def __init__(
        self, lr: float = 0.001, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-8
    ) -> None:
        self.lr = lr
        self.beta1 = beta1
        self.beta2 = beta2
        self.eps = eps
        self.t = 0  # steps so far, the same for all arrays
        self.m: dict[str, Array] = {}
        self.v: dict[str, Array] = {}

    def update(self, params: Arrays, grads: Arrays) -> None:
        """One step of every array in params."""
        self.t += 1
        for key, w in params.items():
            g = grads[key]
            m = self.m.get(key, np.zeros_like(w))
            v = self.v.get(key, np.zeros_like(w))
            self.m[key] = self.beta1 * m + (1 - self.beta1) * g
            self.v[key] = self.beta2 * v + (1 - self.beta2) * g**2
            m_hat = self.m[key] / (1 - self.beta1**self.t)
            v_hat = self.v[key] / (1 - self.beta2**self.t)
            w -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)
