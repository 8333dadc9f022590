"""Objects that are no arrays, and offer to become one: __array__, which gives another each time."""
import numpy as np


class Changing:
    def __init__(self, array):
        self.array = array

    def __array__(self, dtype=None, copy=None):
        self.array = self.array + 1
        return self.array


class Relu:
    def forward(self, x):
        return Changing(np.maximum(x, 0))

    def backward(self, dout):
        return Changing(dout)


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
