"""Answers with objects of types that can't say their name, or shout it."""


class Nameless(type):
    @property
    def __name__(cls):
        raise RuntimeError("no name")


class Answer(metaclass=Nameless):
    pass


Shouting = type("\x1b[31mred\x1b[0m\n" * 3, (), {})


class Relu:
    def forward(self, x):
        return Answer()

    def backward(self, dout):
        return Answer()


class Sigmoid:
    def forward(self, x):
        return type("\x1b[31mred\x07" * 1000, (), {})()

    def backward(self, dout):
        return dout


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
