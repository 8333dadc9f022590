"""Takes more and more memory and keeps it."""
import numpy as np


class Relu:
    def forward(self, x):
        self.kept = []
        for _ in range(400):
            self.kept.append(np.empty(64 * 2**20, np.uint8))
            self.kept[-1][0] = 1
        return x

    def backward(self, dout):
        return dout


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
