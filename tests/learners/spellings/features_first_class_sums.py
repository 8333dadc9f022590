import numpy as np


class Linear:
    def __init__(self, n_in, n_out):
        self.W = np.random.randn(n_out, n_in)
        self.b = np.zeros((n_out, 1))

    def forward(self, A):
        self.A = A
        return self.W @ A + self.b

    def backward(self, dZ):
        self.dW = dZ @ self.A.T
        self.db = dZ.sum(axis=1, keepdims=True)  # WRONG: self.db = dZ.mean(axis=1, keepdims=True)
        return self.W.T @ dZ  # WRONG: return (self.W.T @ dZ)[::-1]
