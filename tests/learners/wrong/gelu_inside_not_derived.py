import numpy as np


class GELU:
    def forward(self, x):
        self.x = x
        self.t = np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x ** 3))
        return 0.5 * x * (1 + self.t)

    def backward(self, dout):
        dt = 1 - self.t ** 2
        return dout * (0.5 * (1 + self.t) + 0.5 * self.x * dt)
