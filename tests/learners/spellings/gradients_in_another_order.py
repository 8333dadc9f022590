from typing import NamedTuple

import numpy as np


class Grads(NamedTuple):
    weights: np.ndarray
    inputs: np.ndarray


class Affine:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, dout):
        dx = dout @ self.W.T
        return self.x.T @ dout, dout.sum(axis=0), dx  # WRONG: return self.x.T @ dout, dout[0], dx


class MatMul:
    def __init__(self, W):
        self.W = W

    def forward(self, x):
        self.x = x
        return x @ self.W

    def backward(self, dout):
        return Grads(self.x.T @ dout, dout @ self.W.T)  # WRONG: return Grads(self.x.T @ dout, dout)


class Relu:
    def forward(self, x):
        self.x = x
        return np.maximum(x, 0)

    def backward(self, dout):
        return self.x, dout * (self.x > 0)  # WRONG: return self.x, dout * self.x
