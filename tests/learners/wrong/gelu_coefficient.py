import numpy as np

C = np.sqrt(2 / np.pi)


class Gelu:
    def forward(self, x):
        self.x = x
        self.t = np.tanh(C * (x + 0.44715 * x ** 3))
        return 0.5 * x * (1 + self.t)

    def backward(self, dout):
        slope = C * (1 + 3 * 0.44715 * self.x ** 2)
        return dout * (0.5 * (1 + self.t) + 0.5 * self.x * (1 - self.t ** 2) * slope)
