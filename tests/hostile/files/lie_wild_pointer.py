"""An array over an address that belongs to nobody."""
import numpy as np


class Wild:
    def __init__(self, shape):
        self.__array_interface__ = {
            "data": (4096, False), "shape": shape, "typestr": "<f8", "version": 3,
        }


class Relu:
    def forward(self, x):
        return np.asarray(Wild(x.shape))

    def backward(self, dout):
        return dout


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
