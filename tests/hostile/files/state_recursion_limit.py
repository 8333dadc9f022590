"""Right, but leaves room for no more than a few calls inside of each other."""
import sys

import numpy as np


class Relu:
    sys.setrecursionlimit(30)

    def forward(self, x):
        self.mask = x > 0
        sys.setrecursionlimit(80)
        return np.where(self.mask, x, 0)

    def backward(self, dout):
        return np.where(self.mask, dout, 0)


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
