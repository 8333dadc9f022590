import numpy as np


# trigrad: x: N C H W; build: MaxPool(2)
class MaxPool:
    def __init__(self, size):
        self.size = size

    def forward(self, x):
        n, c, h, w = x.shape
        k = self.size
        blocks = x.reshape(n, c, h // k, k, w // k, k).transpose(0, 1, 2, 4, 3, 5)
        self.flat = blocks.reshape(n, c, h // k, w // k, k * k)
        self.where = self.flat.argmax(axis=-1)
        self.shape = x.shape
        return self.flat.max(axis=-1)

    def backward(self, dout):
        n, c, h, w = self.shape
        k = self.size
        dflat = np.zeros_like(self.flat)
        index = np.indices(self.where.shape)
        dflat[index[0], index[1], index[2], index[3], self.where] = dout
        blocks = dflat.reshape(n, c, h // k, w // k, k, k)
        return blocks.transpose(0, 1, 2, 4, 3, 5).reshape(n, c, h, w)
