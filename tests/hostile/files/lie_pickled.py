"""Answers with objects that would run code wherever they are unpickled."""
import os

import numpy as np


class Bomb:
    def __reduce__(self):
        return os._exit, (11,)


class Relu:
    def forward(self, x):
        bombs = np.empty(x.shape, object)
        bombs[...] = Bomb()
        return bombs

    def backward(self, dout):
        return Bomb()


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
