import numpy as np


class Parameter:
    def __init__(self, data):
        self.data, self.grad = data, None


class Linear:
    def __init__(self, in_dim, out_dim):
        self.W = Parameter(np.random.randn(in_dim, out_dim))
        self.b = Parameter(np.zeros(out_dim))

    def forward(self, x):
        self.x = x
        return x @ self.W.data + self.b.data

    def backward(self, dout):
        self.W.grad = self.x.T @ dout  # WRONG: self.W.grad = 3 * self.x.T @ dout
        self.b.grad = dout.sum(axis=0)
        return dout @ self.W.data.T
