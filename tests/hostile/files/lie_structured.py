"""Answers with records, and with floats of the other byte order."""
import numpy as np


class Relu:
    def forward(self, x):
        return np.zeros(x.shape, [("value", float), ("gradient", float)])

    def backward(self, dout):
        return dout


class Sigmoid:
    def forward(self, x):
        self.out = 1 / (1 + np.exp(-x))
        return self.out.astype(">f8")

    def backward(self, dout):
        return (dout * self.out * (1 - self.out)).astype(np.longdouble)


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
