import numpy as np

class Relu:
    mask = None

    def forward(self, x):
        if Relu.mask is None:
            Relu.mask = (x <= 0)
        out = x.copy()
        out[Relu.mask] = 0
        return out

    def backward(self, dout):
        dx = dout.copy()
        dx[Relu.mask] = 0
        return dx
