import numpy as np


class AveragePooling:
    def __init__(self, pool_size=2):
        self.p = pool_size
        self.x_shape = None

    def forward(self, x):
        N, C, H, W = x.shape
        p = self.p
        self.x_shape = x.shape
        out = np.zeros((N, C, H // p, W // p))
        for i in range(H // p):
            for j in range(W // p):
                out[:, :, i, j] = np.mean(x[:, :, i*p:(i+1)*p, j*p:(j+1)*p], axis=(2, 3))
        return out

    def backward(self, dout):
        p = self.p
        dx = np.zeros(self.x_shape)
        _, _, oh, ow = dout.shape
        for i in range(oh):
            for j in range(ow):
                dx[:, :, i*p:(i+1)*p, j*p:(j+1)*p] = dout[:, :, i, j][:, :, None, None] / (p * p)
        return dx


class Flatten:
    def forward(self, x):
        self.x_shape = x.shape
        return x.reshape(x.shape[0], -1)

    def backward(self, dout):
        return dout.reshape(self.x_shape)
