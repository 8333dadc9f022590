"""Exceptions caused by each other in a circle, ten thousand deep, and a group of groups."""


class Relu:
    def forward(self, x):
        first = last = ValueError("round and round")
        for _ in range(10_000):
            last.__cause__ = last = ValueError("again")
        last.__cause__ = first
        raise first

    def backward(self, dout):
        return dout


class Sigmoid:
    def forward(self, x):
        group = ExceptionGroup("groups", [ValueError("innermost")])
        for _ in range(500):
            group = ExceptionGroup("groups", [group])
        raise group

    def backward(self, dout):
        return dout


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
