"""An array subclass whose copies are something else, and which can't be copied twice."""
import os

import numpy as np


class Liar(np.ndarray):
    def __array_finalize__(self, original):
        if original is not None and type(original) is Liar:
            os._exit(7)

    def __deepcopy__(self, memo):
        os._exit(8)

    def __array_wrap__(self, *arguments):
        os._exit(9)

    def __reduce__(self):
        return os._exit, (10,)


class Relu:
    def forward(self, x):
        return np.full(x.shape, 7.0).view(Liar)

    def backward(self, dout):
        return dout.view(Liar)


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
