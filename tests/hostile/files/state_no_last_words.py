"""Turns Python's own crash handler to itself and off, then crashes."""
import ctypes
import faulthandler


class Relu:
    def forward(self, x):
        with open("own", "w") as file:
            faulthandler.enable(file)
            faulthandler.dump_traceback_later(0.1, repeat=True, file=file)
        faulthandler.disable()
        ctypes.string_at(0)

    def backward(self, dout):
        return dout


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
