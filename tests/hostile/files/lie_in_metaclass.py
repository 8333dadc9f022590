"""A metaclass whose attributes, instances and calls all lie: the object is right once, then not."""
import numpy as np


class Two(type):
    calls = 0

    def __call__(cls):
        Two.calls += 1
        return super().__call__() if Two.calls < 2 else Wrong()

    def __instancecheck__(cls, instance):
        return True

    def __subclasscheck__(cls, other):
        return True

    def __eq__(cls, other):
        return True

    def __hash__(cls):
        return 0


class Wrong:
    def forward(self, x):
        return x

    def backward(self, dout):
        return dout


class Relu(metaclass=Two):
    def forward(self, x):
        self.mask = x > 0
        return np.where(self.mask, x, 0)

    def backward(self, dout):
        return np.where(self.mask, dout, 0)


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
