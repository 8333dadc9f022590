import numpy as np


class Affine:
    def __init__(self, weight, bias):
        self.W = weight
        self.b = bias
        self.x = None
        self.dW = None
        self.db = None

    def forward(self, x):
        self.x = x
        return np.dot(self.x, self.W) + self.b

    def backward(self, dout):
        self.dW = np.dot(dout.T, self.x)
        self.db = np.sum(dout, 0)
        return np.dot(dout, self.W.T)
