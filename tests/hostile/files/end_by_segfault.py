"""Reads address 0 by ctypes."""
import ctypes


class Relu:
    def forward(self, x):
        return ctypes.string_at(0)

    def backward(self, dout):
        return dout


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
