import numpy as np


class NeuralNet:
    """Its backward takes a step at once: no gradient is kept."""

    def __init__(self, inputs, hidden, outputs):
        self.w1 = np.random.randn(inputs, hidden)
        self.w2 = np.random.randn(hidden, outputs)

    def forward(self, X):
        self.h = 1 / (1 + np.exp(-X @ self.w1))
        self.o = 1 / (1 + np.exp(-self.h @ self.w2))
        return self.o

    def backward(self, X, y, lr):
        delta = (self.o - y) * self.o * (1 - self.o)
        hidden = delta @ self.w2.T * self.h * (1 - self.h)  # WRONG: hidden = delta @ self.w2.T * self.h
        self.w2 -= lr * self.h.T @ delta
        self.w1 -= lr * X.T @ hidden
