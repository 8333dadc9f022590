"""Activations beside Relu and Sigmoid: functions of every entry for itself, so dx = dout * f'(x).

In each of them `forward` keeps what makes f'(x) short: sometimes x, sometimes what it computed.
x, out, dout and dx all have the same shape, which may be any.
"""

import numpy as np

from .functions import Array, as_float, sigmoid


class Tanh:
    """Squeezes any number into -1 ... 1."""

    def forward(self, x: Array) -> Array:
        """out = (exp(x) - exp(-x)) / (exp(x) + exp(-x))"""
        self.out: Array = np.tanh(as_float(x))
        return self.out

    def backward(self, dout: Array) -> Array:
        """dx = dout * (1 - out**2)"""
        return dout * (1 - self.out**2)


class LeakyReLU:
    """Relu with a small slope below 0, so that the gradient is nowhere 0 (Maas et al. 2013)."""

    def __init__(self, slope: float = 0.01) -> None:
        self.slope = slope

    def forward(self, x: Array) -> Array:
        """out = x where x > 0, else slope * x"""
        x = as_float(x)
        self.positive = x > 0
        return np.where(self.positive, x, self.slope * x)

    def backward(self, dout: Array) -> Array:
        """dx = dout where x > 0, else slope * dout"""
        return np.where(self.positive, dout, self.slope * dout)


class ELU:
    """x above 0; below, a curve that flattens out at -alpha (Clevert et al. 2015)."""

    def __init__(self, alpha: float = 1.0) -> None:
        self.alpha = alpha

    def forward(self, x: Array) -> Array:
        """out = x where x > 0, else alpha * (exp(x) - 1)"""
        x = as_float(x)
        self.positive = x > 0
        # np.where computes both sides everywhere: the minimum keeps exp from overflowing where
        # its value is not used. expm1(x) is exp(x) - 1 without the loss of digits near 0.
        self.out: Array = np.where(self.positive, x, self.alpha * np.expm1(np.minimum(x, 0)))
        return self.out

    def backward(self, dout: Array) -> Array:
        """dx = dout where x > 0, else dout * alpha * exp(x), and alpha * exp(x) = out + alpha"""
        return np.where(self.positive, dout, dout * (self.out + self.alpha))


class GELU:
    """x times the share of a normal distribution below x, nearly (Hendrycks and Gimpel 2016).

    That share is (1 + erf(x / sqrt(2))) / 2. NumPy has no erf; this is the paper's approximation
    with tanh, which GPT-2 uses.
    """

    def forward(self, x: Array) -> Array:
        """out = x * (1 + t) / 2, where t = tanh(sqrt(2 / pi) * (x + 0.044715 * x**3))"""
        self.x = as_float(x)
        self.t: Array = np.tanh((2 / np.pi) ** 0.5 * (self.x + 0.044715 * self.x**3))
        out: Array = self.x * (1 + self.t) / 2
        return out

    def backward(self, dout: Array) -> Array:
        """dx = dout * ((1 + t) / 2 + x * dt / 2), where dt = (1 - t**2) times its inside's slope"""
        slope = (2 / np.pi) ** 0.5 * (1 + 3 * 0.044715 * self.x**2)
        dt = (1 - self.t**2) * slope
        dx: Array = dout * ((1 + self.t) / 2 + self.x * dt / 2)
        return dx


class Swish:
    """x times sigmoid(x), also called SiLU (Ramachandran et al. 2017)."""

    def forward(self, x: Array) -> Array:
        """out = x * s, where s = sigmoid(x)"""
        self.s = sigmoid(x)
        self.out: Array = x * self.s
        return self.out

    def backward(self, dout: Array) -> Array:
        """dx = dout * (s + out * (1 - s)): the derivative of a product, with ds = s * (1 - s)"""
        return dout * (self.s + self.out * (1 - self.s))


class Softplus:
    """A smooth Relu, whose slope is a sigmoid."""

    def forward(self, x: Array) -> Array:
        """out = log(1 + exp(x))"""
        self.x = as_float(x)
        # logaddexp(x, 0) is log(exp(x) + exp(0)), computed so that no exp overflows.
        out: Array = np.logaddexp(self.x, 0)
        return out

    def backward(self, dout: Array) -> Array:
        """dx = dout * sigmoid(x)"""
        return dout * sigmoid(self.x)
