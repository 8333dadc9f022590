"""No call takes long, all of them together do."""
import time

import numpy as np


class Relu:
    def forward(self, x):
        time.sleep(0.1)
        self.mask = x > 0
        return np.where(self.mask, x, 0)

    def backward(self, dout):
        return np.where(self.mask, dout, 0)


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
