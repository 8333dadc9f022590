"""Nodes of a graph, one operation each."""
import numpy as np


class ExpNode:
    def forward(self, x):
        self.out = np.exp(x)
        return self.out

    def backward(self, dout):
        return dout * self.out


class LogNode:
    def forward(self, x):
        self.x = x
        return np.log(x)

    def backward(self, dout):
        return dout / self.x


class DivNode:
    def forward(self, a, b):
        self.a, self.b = a, b
        return a / b

    def backward(self, dout):
        return dout / self.b, -dout * self.a / self.b ** 2


class PowNode:
    def __init__(self, n=3):
        self.n = n

    def forward(self, x):
        self.x = x
        return x ** self.n

    def backward(self, dout):
        return dout * self.n * self.x ** (self.n - 1)


class SumNode:
    def __init__(self, axis=0):
        self.axis = axis

    def forward(self, x):
        self.shape = x.shape
        return x.sum(axis=self.axis)

    def backward(self, dout):
        return np.broadcast_to(np.expand_dims(dout, self.axis), self.shape)


class TransposeNode:
    def forward(self, x):
        return x.T

    def backward(self, dout):
        return dout.T


class MinNode:
    def forward(self, x, y):
        self.mask = x < y
        return np.minimum(x, y)

    def backward(self, dout):
        return dout * self.mask, dout * (1 - self.mask)


class Bilinear:
    """out[n] = x[n] W y[n]"""

    def __init__(self, W):
        self.W = W

    def forward(self, x, y):
        self.x, self.y = x, y
        return np.einsum("ni,ij,nj->n", x, self.W, y)

    def backward(self, dout):
        d = dout[:, None]
        self.dW = np.einsum("n,ni,nj->ij", dout, self.x, self.y)
        return d * (self.y @ self.W.T), d * (self.x @ self.W)
