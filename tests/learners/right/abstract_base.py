from abc import ABC, abstractmethod

import numpy as np


class Layer(ABC):
    """gemeinsame Schnittstelle aller Schichten"""

    def __init__(self):
        self._cache = None

    @abstractmethod
    def forward(self, *inputs):
        raise NotImplementedError

    @abstractmethod
    def backward(self, dout):
        raise NotImplementedError

    def __call__(self, *inputs):
        return self.forward(*inputs)


class Activation(Layer):
    """y = f(x) elementwise; subclasses give f and f' in terms of y"""

    def f(self, x):
        raise NotImplementedError

    def df(self, y):
        raise NotImplementedError

    def forward(self, x):
        self._cache = self.f(x)
        return self._cache

    def backward(self, dout):
        return dout * self.df(self._cache)


class AddLayer(Layer):
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout, dout


class MulLayer(Layer):
    def forward(self, x, y):
        self._cache = (x, y)
        return x * y

    def backward(self, dout):
        x, y = self._cache
        return dout * y, dout * x


class Relu(Activation):
    def f(self, x):
        return np.maximum(x, 0)

    def df(self, y):
        return y > 0


class Sigmoid(Activation):
    def f(self, x):
        return 1 / (1 + np.exp(-x))

    def df(self, y):
        return y * (1 - y)


class Affine(Layer):
    def __init__(self, W, b):
        super().__init__()
        self.W = W
        self.b = b
        self.dW = None
        self.db = None

    def forward(self, x):
        self._cache = x
        return x @ self.W + self.b

    def backward(self, dout):
        self.dW = self._cache.T @ dout
        self.db = dout.sum(axis=0)
        return dout @ self.W.T
