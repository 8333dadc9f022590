import numpy as np


def sigmoid(x):
    """For x >= 0: 1/(1+exp(-x)), for x < 0: exp(x)/(1+exp(x))."""
    z = np.exp(-np.abs(x))
    return np.where(x >= 0, 1 / (1 + z), z / (1 + z))


class Sigmoid:
    def __init__(self):
        self.out = None

    def forward(self, x):
        self.out = sigmoid(x)
        return self.out

    def backward(self, dout):
        return dout * self.out * (1 - self.out)
