import numpy as np

class Affine:
    # 梯度，先设为 0
    dW = 0
    db = 0

    def __init__(self, W, b):
        self.W = W
        self.b = b

    def forward(self, x):
        self.x = x
        return x.dot(self.W) + self.b

    def backward(self, dout):
        self.dW = self.x.T.dot(dout)
        self.db = self.db + dout.sum(axis=0)
        return dout.dot(self.W.T)
