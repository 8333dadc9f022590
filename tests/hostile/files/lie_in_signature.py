"""Signatures that raise, or that go round in circles."""


class Raising:
    def __get__(self, instance, owner):
        raise RuntimeError("no signature")


class Relu:
    __signature__ = Raising()

    def forward(self, x):
        return x

    def backward(self, dout):
        return dout

    forward.__wrapped__ = forward
    backward.__signature__ = "(self, dout)"


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
