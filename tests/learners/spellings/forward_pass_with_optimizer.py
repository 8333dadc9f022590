import numpy as np


class Dense:
    """Weights come with initialize(), and every backward_pass takes a step."""

    def __init__(self, n_units, input_shape=None):
        self.n_units, self.input_shape = n_units, input_shape
        self.W = self.w0 = None

    def initialize(self, optimizer):
        (fan_in,) = self.input_shape
        self.W = np.random.rand(fan_in, self.n_units) - 0.5
        self.w0 = np.zeros((1, self.n_units))
        self.step = optimizer

    def forward_pass(self, X, training=True):
        self.seen = X
        return X @ self.W + self.w0

    def backward_pass(self, accum_grad):
        before = self.W
        self.W = self.step.update(before, self.seen.T @ accum_grad)  # WRONG: self.W = self.step.update(before, -self.seen.T @ accum_grad)
        self.w0 = self.step.update(self.w0, accum_grad.sum(axis=0, keepdims=True))
        return accum_grad @ before.T  # WRONG: return accum_grad @ self.W.T


class Sigmoid:
    def __call__(self, x):
        return 1 / (1 + np.exp(-x))

    def gradient(self, x):
        s = self(x)
        return s - s * s  # WRONG: return x - x * x


class ReLU:
    def __call__(self, x):
        return np.maximum(x, 0)

    def gradient(self, x):
        return (x > 0).astype(x.dtype)  # WRONG: return (x < 0).astype(x.dtype)
