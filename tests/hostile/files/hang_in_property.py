"""The gradient of W is a property, and the look at it never ends."""
import time

import numpy as np


class Affine:
    def __init__(self, W, b):
        self.W, self.b = W, b

    @property
    def dW(self):
        time.sleep(60)

    def forward(self, x):
        self.x = x
        return np.dot(x, self.W) + self.b

    def backward(self, dout):
        self.db = np.sum(dout, axis=0)
        return np.dot(dout, self.W.T)


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
