import numpy as np


class Affine:
    def __init__(self, W, b):
        self.WT = W.T
        self.W = W
        self.b = b

    def forward(self, x):
        self.x = x
        return np.dot(x, self.W) + self.b

    def backward(self, dout):
        self.dW = self.x.T @ dout  # WRONG: self.dW = dout.T @ self.x
        self.db = dout.sum(axis=0)
        return dout @ self.WT  # WRONG: return dout @ self.WT + 1


def matmul_forward(x, w):
    wt = w.T
    return x.dot(w), (x, wt, w)


def matmul_backward(dout, cache):
    x, wt, _ = cache
    return dout.dot(wt), x.T.dot(dout)  # WRONG: return dout.dot(wt), dout.T.dot(x)
