import numpy as np


class Affine:
    def __init__(self, W, b):
        self.W, self.b = W, b
        self.dW, self.db = np.zeros_like(W), np.zeros_like(b)

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, dout):
        self.dW += self.x.T @ dout  # WRONG: self.dW = self.x.T @ dout
        self.db += dout.sum(axis=0)  # WRONG: self.db += dout.sum()
        return dout @ self.W.T


class Optimizer:
    def __init__(self, layers, lr):
        self.layers, self.lr = layers, lr

    def step(self):
        for layer in self.layers:
            layer.W -= self.lr * layer.dW
            layer.b -= self.lr * layer.db
            layer.dW.fill(0)
            layer.db *= 0  # WRONG: layer.x = 0
