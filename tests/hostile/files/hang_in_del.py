"""Its object can't be thrown away: __del__ never returns."""
import time

import numpy as np


class Relu:
    def __del__(self):
        time.sleep(60)

    def forward(self, x):
        self.mask = x > 0
        return np.where(self.mask, x, 0)

    def backward(self, dout):
        return np.where(self.mask, dout, 0)


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
