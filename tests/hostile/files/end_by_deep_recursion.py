"""Calls itself for ever."""


class Relu:
    def forward(self, x):
        return self.forward(x)

    def backward(self, dout):
        return dout


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
