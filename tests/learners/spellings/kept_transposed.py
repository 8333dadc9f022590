import numpy as np


class Affine:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        self.x = x
        return x @ self.W.T + self.b

    def backward(self, dout):
        self.dW = dout.T @ self.x  # WRONG: self.dW = self.x.T @ dout
        self.db = dout.sum(axis=0)
        return dout @ self.W  # WRONG: return dout @ self.W * 2


class MatMul:
    def __init__(self, W):
        self.Wt = W.T

    def forward(self, x):
        self.x = x
        return x @ self.Wt.T

    def backward(self, dout):
        self.dWt = dout.T @ self.x  # WRONG: self.dWt = self.x.T @ dout
        return dout @ self.Wt
