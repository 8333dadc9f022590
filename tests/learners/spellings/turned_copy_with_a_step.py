import numpy as np


class Affine:
    def __init__(self, W, b):
        self.W = W.T.copy()
        self.b = b
        self.lr = 0.1

    def forward(self, x):
        self.x = x
        return np.dot(x, self.W.T) + self.b

    def backward(self, dout):
        self.dW = dout.T @ self.x  # WRONG: self.dW = dout.T @ self.x / len(self.x)
        self.db = dout.sum(axis=0)
        dx = dout @ self.W
        self.W -= self.lr * self.dW
        return dx  # WRONG: return dout @ self.W


class MatMul:
    def __init__(self, W, lr=0.1):
        self.W = W.T.copy()
        self.lr = lr

    def forward(self, x):
        self.x = x
        return x @ self.W.T

    def backward(self, dout):
        dx = dout @ self.W
        self.W -= self.lr * dout.T @ self.x  # WRONG: self.W += self.lr * dout.T @ self.x
        return dx
