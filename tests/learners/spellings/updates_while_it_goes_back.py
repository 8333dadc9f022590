import numpy as np


class Affine:
    def __init__(self, W, b, lr=0.01):
        self.W, self.b, self.lr = W, b, lr

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, dout):
        dx = dout @ self.W.T
        self.dW = self.x.T @ dout
        self.db = dout.sum(axis=0)  # WRONG: self.db = dout.sum()
        self.W = self.W - self.lr * self.dW
        self.b -= self.lr * self.db
        return dx
