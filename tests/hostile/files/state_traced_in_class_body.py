"""A class body leaves behind a tracer that raises at every step of everybody."""
import sys


def refuse(frame, event, argument):
    raise RuntimeError("not one step further")


class Relu:
    sys.settrace(refuse)
    sys.setprofile(refuse)

    def forward(self, x):
        return x

    def backward(self, dout):
        return dout


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
