import numpy as np

class Relu:
    def __init__(self):
        self.mask = None

    def forward(self, x):
        self.mask = (x <= 0)
        out = x.copy()
        out[self.mask] = 0
        return out

    def backward(self, dout):
        dx = dout.copy()
        dx[dout <= 0] = 0
        return dx

x = np.array([[1.0, -0.5], [-2.0, 3.0]])
print(x)
r = Relu()
print(r.forward(x))
