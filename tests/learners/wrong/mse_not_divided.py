import numpy as np


class MSELoss:
    def forward(self, y, t):
        self.y, self.t = y, t
        return np.sum((y - t) ** 2) / (2 * len(y))

    def backward(self):
        return self.y - self.t
