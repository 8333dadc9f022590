"""Right, with ten thousand warnings a call."""
import warnings

import numpy as np


class Relu:
    said = False

    def forward(self, x):
        if not Relu.said:
            Relu.said = True
            for number in range(10_000):
                warnings.warn(f"\x1b[31m warning {number} " * 20)
        self.mask = x > 0
        return np.where(self.mask, x, 0)

    def backward(self, dout):
        return np.where(self.mask, dout, 0)


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
