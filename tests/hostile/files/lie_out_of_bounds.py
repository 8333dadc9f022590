"""An array that reaches a gigabyte beyond its memory."""
import numpy as np


class Relu:
    def forward(self, x):
        return np.lib.stride_tricks.as_strided(x, x.shape, (2**30, 2**31))

    def backward(self, dout):
        return dout


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
