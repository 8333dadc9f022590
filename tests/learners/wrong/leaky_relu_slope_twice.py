import numpy as np


class LeakyRelu:
    slope = 0.25

    def forward(self, x):
        self.mask = x <= 0
        out = x.copy()
        out[self.mask] = self.slope * out[self.mask]
        return out

    def backward(self, dout):
        dx = dout.copy()
        dx[self.mask] *= self.slope * self.slope
        return dx
