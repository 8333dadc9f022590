"""Asks for 100 GB at once, and never touches them."""
import numpy as np


class Relu:
    def forward(self, x):
        return np.empty(100 * 2**30, np.uint8)

    def backward(self, dout):
        return dout


class Sigmoid:
    block = bytes(100 * 2**30)

    def forward(self, x):
        return x

    def backward(self, dout):
        return dout


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
