"""Exceptions that can't be put into words: __str__ raises, hangs, or is no text."""
import time


class Raising(Exception):
    def __str__(self):
        raise RuntimeError("no words")

    __repr__ = __str__


class Hanging(Exception):
    def __str__(self):
        time.sleep(60)

    __repr__ = __str__


class Number(Exception):
    def __str__(self):
        return 7


class Relu:
    def forward(self, x):
        raise Raising

    def backward(self, dout):
        return dout


class Sigmoid:
    def forward(self, x):
        raise Hanging

    def backward(self, dout):
        return dout


class MulLayer:
    def forward(self, x, y):
        raise Number

    def backward(self, dout):
        return dout, dout


class Affine:
    raise Raising

    def __init__(self, W, b):
        self.W = W

    def forward(self, x):
        return x

    def backward(self, dout):
        return dout


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
