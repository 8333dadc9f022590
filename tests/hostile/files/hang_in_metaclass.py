"""A metaclass that never gets done making its class."""
import time


class Slow(type):
    def __new__(meta, name, bases, space):
        end = time.monotonic() + 60
        while time.monotonic() < end:
            pass
        return super().__new__(meta, name, bases, space)


class Relu(metaclass=Slow):
    def forward(self, x):
        return x

    def backward(self, dout):
        return dout


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
