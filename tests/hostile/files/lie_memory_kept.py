"""Right at the time, but every answer is one and the same memory, which later calls change."""
import numpy as np


class Relu:
    buffer = np.zeros(10_000)

    def forward(self, x):
        self.mask = x > 0
        out = Relu.buffer[: x.size].reshape(x.shape)
        out[...] = np.where(self.mask, x, 0)
        return out

    def backward(self, dout):
        dx = Relu.buffer[: dout.size].reshape(dout.shape)
        dx[...] = np.where(self.mask, dout, 0)
        return dx


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
