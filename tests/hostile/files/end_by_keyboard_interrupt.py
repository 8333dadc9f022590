"""Raises what Ctrl-C raises, when called and in a class body."""


class Relu:
    def forward(self, x):
        raise KeyboardInterrupt("as if somebody had pressed Ctrl-C")

    def backward(self, dout):
        return dout


class Sigmoid:
    raise KeyboardInterrupt

    def forward(self, x):
        return x

    def backward(self, dout):
        return dout


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
