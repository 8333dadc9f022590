"""An endless loop in a class body."""
import time


class Relu:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        pass

    def forward(self, x):
        return x

    def backward(self, dout):
        return dout


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
