"""Raises GeneratorExit, and a BaseException of its own."""


class Enough(BaseException):
    pass


class Relu:
    def forward(self, x):
        raise GeneratorExit

    def backward(self, dout):
        return dout


class Sigmoid:
    def forward(self, x):
        return x

    def backward(self, dout):
        raise Enough("of this")


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
