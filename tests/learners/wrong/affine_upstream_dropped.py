import numpy as np

class Affine(object):
    def __init__(self, W, b):
        self.W = W
        self.b = b

    def forward(self, x):
        self.x = x
        y = np.dot(x, self.W) + self.b
        return y

    def backward(self, dy):
        dx = np.dot(dy, self.W.T)
        self.dW = np.dot(self.x.T, np.ones_like(dy))
        self.db = np.sum(dy, axis=0)
        return dx
