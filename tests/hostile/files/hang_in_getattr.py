"""Asking the object for an attribute it has not never ends."""
import time

import numpy as np


class Affine:
    def __init__(self, weight, bias):
        self._both = weight, bias

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        time.sleep(60)

    def forward(self, x):
        self._x = x
        return np.dot(x, self._both[0]) + self._both[1]

    def backward(self, dout):
        return np.dot(dout, self._both[0].T)


class MulLayer:
    def forward(self, x, y):
        self.x, self.y = x, y
        return x * y

    def backward(self, dout):
        return dout * self.y, dout * self.x
