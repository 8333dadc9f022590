"""An object that has every attribute there is, and a __dict__ that can't be read."""
import numpy as np


class Affine:
    def __init__(self, W, b):
        object.__setattr__(self, "_W", W)
        object.__setattr__(self, "_b", b)

    @property
    def __dict__(self):
        raise RuntimeError("not shown")

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        return self

    def forward(self, x):
        object.__setattr__(self, "_x", x)
        return np.dot(x, self._W) + self._b

    def backward(self, dout):
        return np.dot(dout, self._W.T)


class MulLayer:
    def forward(self, x, y):
        self.x, self.y = x, y
        return x * y

    def backward(self, dout):
        return dout * self.y, dout * self.x
