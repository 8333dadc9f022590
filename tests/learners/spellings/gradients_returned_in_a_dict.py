import numpy as np


class Affine:
    def __init__(self, w, b):
        self.w, self.b = w, b

    def forward(self, x):
        self.x = x
        return x @ self.w + self.b

    def backward(self, dout):
        return {
            "dx": dout @ self.w.T,
            "dw": self.x.T @ dout,  # WRONG: "dw": self.x.T @ dout * 0,
            "db": dout.sum(0),
        }
