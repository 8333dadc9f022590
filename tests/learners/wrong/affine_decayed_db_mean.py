# the bias is not decayed
import numpy as np


class Dense:
    def __init__(self, n_in, n_out, l2=0.01):
        self.l2 = l2
        self.W = np.random.randn(n_in, n_out) / np.sqrt(n_in)
        self.b = np.zeros(n_out)

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, dout):
        self.dW = self.x.T @ dout + self.l2 * self.W
        self.db = dout.mean(axis=0)
        return dout @ self.W.T
