import numpy as np


class Affine:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        return x @ self.W + self.b, (x, self.W)

    def backward(self, dout, cache):
        x, W = cache
        grads = {"dW": x.T @ dout, "db": dout.sum(axis=0)}  # WRONG: grads = {"dW": x.T @ dout}
        return dout @ W.T, grads  # WRONG: return dout @ W.T * 2, grads


class Sigmoid:
    def forward(self, x):
        s = 1 / (1 + np.exp(-x))
        return s, s

    def backward(self, dout, s):
        return dout * s * (1 - s)  # WRONG: return dout * s * s
