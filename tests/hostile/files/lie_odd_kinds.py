"""Answers with complex numbers, objects, text and dates."""
import numpy as np


class Relu:
    def forward(self, x):
        return np.maximum(x, 0) + 0j

    def backward(self, dout):
        return dout


class Sigmoid:
    def forward(self, x):
        return np.array([[None] * x.shape[1]] * x.shape[0])

    def backward(self, dout):
        return dout


class AddLayer:
    def forward(self, x, y):
        return (x + y).astype(str) if isinstance(x, np.ndarray) else str(x + y)

    def backward(self, dout):
        return dout, dout


class MulLayer:
    def forward(self, x, y):
        return np.zeros(np.shape(x), "datetime64[s]")

    def backward(self, dout):
        return dout, dout


class Affine:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        self.x = x
        return np.dot(x, self.W) + self.b

    def backward(self, dout):
        self.dW = np.dot(self.x.T, dout)
        self.db = np.sum(dout, axis=0)
        return np.dot(dout, self.W.T)
