"""Right, but it turns every knob that Python and NumPy have."""
import gc
import locale
import os
import random
import sys
import warnings

import numpy as np


class Relu:
    gc.disable()
    gc.freeze()
    os.environ.clear()
    os.environ["PYTHONPATH"] = "/nonexistent/trigrad-canary"
    os.umask(0)
    sys.setswitchinterval(100)
    sys.dont_write_bytecode = True
    sys.set_int_max_str_digits(640)
    sys.setrecursionlimit(300)
    locale.setlocale(locale.LC_ALL, "C")
    warnings.simplefilter("error")
    np.seterr(all="raise")
    np.random.seed(7)
    random.seed(7)
    np.set_printoptions(precision=0)

    def forward(self, x):
        os.chdir("/")
        np.seterr(all="raise")
        warnings.simplefilter("error")
        self.mask = x > 0
        return np.where(self.mask, x, 0)

    def backward(self, dout):
        return np.where(self.mask, dout, 0)


class Affine:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        self.x = x
        return np.dot(x, self.W) + self.b

    def backward(self, dout):
        self.dW = np.dot(self.x.T, dout)
        self.db = np.sum(dout, axis=0)
        return np.dot(dout, self.W.T)


class Sigmoid:
    def forward(self, x):
        self.out = 1 / (1 + np.exp(-x))
        return self.out

    def backward(self, dout):
        return dout * self.out * (1 - self.out)
