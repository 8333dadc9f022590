"""The constructor ends the process."""
import os


class Sigmoid:
    def __init__(self):
        os._exit(1)

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
