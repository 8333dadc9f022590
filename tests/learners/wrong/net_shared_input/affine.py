import numpy as np


class Affine:
    x = None  # last input

    def __init__(self, W, b):
        self.W = W
        self.b = b

    def forward(self, x):
        Affine.x = x
        return np.dot(x, self.W) + self.b

    def backward(self, dout):
        self.dW = np.dot(self.x.T, dout)
        self.db = dout.sum(axis=0)
        return np.dot(dout, self.W.T)
