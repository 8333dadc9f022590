import numpy as np


class Base:
    def __call__(self, x):
        self.x = x
        return self.forward(x)


class Sigmoid(Base):
    def forward(self, x):
        return 1 / (1 + np.exp(-x))

    def backward(self, dout):
        y = self.forward(self.x)
        return dout * y * (1 - y)  # WRONG: return dout * y * y
