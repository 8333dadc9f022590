"""Calls abort()."""
import os


class Relu:
    def forward(self, x):
        os.abort()

    def backward(self, dout):
        return dout


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
