"""Answers with arrays of 64 dimensions."""
import numpy as np


class Relu:
    def forward(self, x):
        return x.reshape((1,) * 62 + x.shape)

    def backward(self, dout):
        return dout


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
