import numpy as np


class AddLayer:
    @staticmethod
    def forward(x, y):
        return x + y

    @staticmethod
    def backward(dout):
        return dout, dout


class Affine:
    # Y = X・W + B
    # dL/dX = dL/dY・W^T
    # dL/dW = X^T・dL/dY
    def __init__(self, W, B):
        self.W = W
        self.B = B
        self.X = None
        self.dW = None
        self.db = None

    def forward(self, X):
        self.X = X
        return np.dot(X, self.W) + self.B

    def backward(self, dY):
        dX = np.dot(self.W, dY.T)
        self.dW = np.dot(self.X.T, dY)
        self.db = np.sum(dY, axis=0)
        return dX
