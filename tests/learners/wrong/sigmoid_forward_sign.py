import numpy as np

class Sigmoid:
    def __init__(self):
        self.out = None

    def forward(self, x):
        # シグモイド関数
        out = 1 / (1 + np.exp(x))
        self.out = out
        return out

    def backward(self, dout):
        return dout * self.out * (1.0 - self.out)
