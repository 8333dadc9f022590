"""Answers with a gigabyte of zeros."""
import numpy as np


class Relu:
    def forward(self, x):
        return np.zeros(2**27)

    def backward(self, dout):
        return dout


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
