"""Answers with generators, strings and functions."""


class Relu:
    def forward(self, x):
        return (value for value in x)

    def backward(self, dout):
        yield dout


class Sigmoid:
    def forward(self, x):
        return "[[0.5, 0.5]]"

    def backward(self, dout):
        return self.backward


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
