import numpy as np


class AddLayer:
    """Addition: d(x+y)/dx = 1, d(x+y)/dy = 1"""

    def forward(self, x, y):
        return np.add(x, y)

    def backward(self, dout):
        ones = np.ones_like(dout)
        return ones, ones.copy()
