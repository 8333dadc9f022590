"""Backward ends the process with a status that looks like a signal's."""
import os

import numpy as np


class Relu:
    def forward(self, x):
        return np.where(x > 0, x, 0)

    def backward(self, dout):
        os._exit(255)


class Sigmoid:
    def forward(self, x):
        os._exit(3)

    def backward(self, dout):
        return dout


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
