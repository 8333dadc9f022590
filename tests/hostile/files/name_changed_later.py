"""A class that gives itself another name, another module and another documentation."""
import numpy as np


class Relu:
    def forward(self, x):
        self.mask = x > 0
        return np.where(self.mask, x, 0)

    def backward(self, dout):
        return dout


def rename(cls):
    Relu.__name__ = Relu.__qualname__ = "\x1b[31mAffine\n"
    Relu.__module__ = 7
    Relu.__doc__ = 10**400
    return cls


@rename
class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
