import numpy as np


class Dense:
    def __init__(self, W, b):
        self.W, self.b = W, b
        self.dW = self.db = None

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, dout):
        self.dW = self.x.T @ dout
        self.db = dout.sum(axis=0)
        return dout @ self.W.T


# trigrad: x: N D; W1: D H; b1: H; W2: H D; b2: D
class ResidualBlock:
    def __init__(self, W1, b1, W2, b2):
        self.first = Dense(W1, b1)
        self.second = Dense(W2, b2)

    def forward(self, x):
        h = self.first.forward(x)
        self.mask = h > 0
        return x + self.second.forward(h * self.mask)

    def backward(self, dout):
        dh = self.second.backward(dout) * self.mask
        dx = self.first.backward(dh) + dout
        self.dW1, self.db1 = self.first.dW, self.first.db
        self.dW2, self.db2 = self.second.dW, self.second.db
        return dx
