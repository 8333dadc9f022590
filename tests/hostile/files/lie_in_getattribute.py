"""A class that raises whatever attribute is asked of it."""


class Mute(type):
    def __getattribute__(cls, name):
        raise RuntimeError("no answer")


class Relu(metaclass=Mute):
    def forward(self, x):
        return x

    def backward(self, dout):
        return dout


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
