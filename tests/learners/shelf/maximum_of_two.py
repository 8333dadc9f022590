import numpy as np


class Max2:
    def forward(self, x, y):
        self.first = x >= y
        return np.maximum(x, y)

    def backward(self, dout):
        dx = dout * self.first
        dy = dout * ~self.first
        return dx, dy


class HalfPool:
    """max over neighbouring columns, width becomes half"""

    def forward(self, x):
        a, b = x[:, 0::2], x[:, 1::2]
        self.first = a >= b
        self.shape = x.shape
        return np.where(self.first, a, b)

    def backward(self, dout):
        dx = np.zeros(self.shape)
        dx[:, 0::2] = dout * self.first
        dx[:, 1::2] = dout * (1 - self.first)
        return dx
