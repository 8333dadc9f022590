import numpy as np

class Affine:

    def __init__(self, W, b):
        self.W = W
        self.b = b

    def forward(self, x):
        self.x = x
        return np.matmul(x, self.W) + self.b

    def backward(self, dout):
        self.dW = np.matmul(self.x.T, dout)
        self.db = dout.sum(axis=0, keepdims=True)
        return np.matmul(dout, self.W.T)
