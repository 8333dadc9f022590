import numpy as np


class MatMul:
    def __init__(self, W):
        self.params, self.grads = [W], [np.zeros_like(W)]

    def forward(self, x):
        self.x = x
        (W,) = self.params
        return np.dot(x, W)

    def backward(self, dout):
        (W,) = self.params
        self.grads[0][...] = np.dot(self.x.T, dout)  # WRONG: self.grads[0] += np.dot(self.x.T, dout)
        return np.dot(dout, W.T)  # WRONG: return np.dot(dout, W)


class Affine:
    def __init__(self, W, b):
        self.params, self.grads = [W, b], [np.zeros_like(W), np.zeros_like(b)]

    def forward(self, x):
        self.x = x
        W, b = self.params
        return np.dot(x, W) + b

    def backward(self, dout):
        self.grads[0][...] = np.dot(self.x.T, dout)
        self.grads[1][...] = np.sum(dout, axis=0)  # WRONG: self.grads[1][...] = np.sum(dout)
        return np.dot(dout, self.params[0].T)
