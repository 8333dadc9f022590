import numpy as np


# trigrad: x: N D
class Tanh:
    def forward(self, x):
        e = np.exp(2 * x)
        self.y = (e - 1) / (e + 1)
        return self.y

    def backward(self, dy):
        return (1 - self.y * self.y) * dy
