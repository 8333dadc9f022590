"""Borrows trigrad's own layer."""
import importlib

import numpy as np


class Relu:
    def __init__(self):
        self.own = importlib.import_module("trigrad.impl.layers").Relu()

    def forward(self, x):
        return self.own.forward(np.copy(x))

    def backward(self, dout):
        return self.own.backward(np.copy(dout))


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
