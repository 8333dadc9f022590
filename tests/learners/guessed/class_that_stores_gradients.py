import numpy as np


class MLP:
    """Gradients are left in dW1, db1, dW2, db2."""

    def __init__(self, input_dim=2, hidden_dim=8):
        self.W1 = np.random.randn(input_dim, hidden_dim) * 0.5
        self.b1 = np.zeros(hidden_dim)
        self.W2 = np.random.randn(hidden_dim, 1) * 0.5
        self.b2 = np.zeros(1)

    def forward(self, X):
        self.X = X
        self.h = 1 / (1 + np.exp(-(X @ self.W1 + self.b1)))
        return self.h @ self.W2 + self.b2

    def loss(self, X, y):
        self.out = self.forward(X)
        return np.mean((self.out - y) ** 2)

    def backward(self, y):
        dout = 2 * (self.out - y) / y.size
        self.dW2 = self.h.T @ dout
        self.db2 = dout.sum(axis=0)
        dh = dout @ self.W2.T * self.h * (1 - self.h)  # WRONG: dh = dout @ self.W2.T * self.h
        self.dW1 = self.X.T @ dh
        self.db1 = dh.sum(axis=0)  # WRONG: self.db1 = dh.sum()
