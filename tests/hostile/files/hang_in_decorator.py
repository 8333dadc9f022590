"""A class decorator that never returns."""
import time


def endless(cls):
    end = time.monotonic() + 60
    while time.monotonic() < end:
        pass
    return cls


@endless
class Relu:
    def forward(self, x):
        return x

    def backward(self, dout):
        return dout


class MulLayer:
    def forward(self, x, y):
        self.x, self.y = x, y
        return x * y

    def backward(self, dout):
        return dout * self.y, dout * self.x
