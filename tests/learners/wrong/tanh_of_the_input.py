import numpy as np


class TanhLayer:
    def __init__(self):
        self.x = None

    def forward(self, x):
        self.x = x
        return np.tanh(x)

    def backward(self, dout):
        dx = dout * (1 - self.x ** 2)
        return dx
