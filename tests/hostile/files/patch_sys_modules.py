"""Empties sys.modules in a class body, and again when it is called."""
import sys


class Relu:
    sys.modules.clear()

    def forward(self, x):
        sys.modules.clear()
        sys.path.clear()
        return x

    def backward(self, dout):
        return dout


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
