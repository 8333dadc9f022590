import numpy as np


class HardTanh:
    def forward(self, x):
        self.x = x
        return np.clip(x, -1, 1)

    def backward(self, dout):
        return dout * (np.abs(self.x) > 0)
