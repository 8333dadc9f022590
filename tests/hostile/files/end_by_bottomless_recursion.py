"""Lifts the limit and calls itself through C until the stack is used up."""
import sys


class Relu:
    def forward(self, x):
        sys.setrecursionlimit(10**8)
        return max([x], key=self.forward)

    def backward(self, dout):
        return dout


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
