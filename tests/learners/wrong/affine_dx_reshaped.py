import numpy as np

class Affine:
    def __init__(self, W, b):
        self.W = W
        self.b = b
        self.original_x_shape = None

    def forward(self, x):
        self.original_x_shape = x.T.shape
        self.x = x.reshape(x.shape[0], -1)
        return np.dot(self.x, self.W) + self.b

    def backward(self, dout):
        dx = np.dot(dout, self.W.T)
        self.dW = np.dot(self.x.T, dout)
        self.db = np.sum(dout, axis=0)
        return dx.reshape(self.original_x_shape)
