import numpy as np
from math import pi, sqrt


# trigrad: x: N D
class GELU:
    def forward(self, x):
        self.x = x
        self.u = np.tanh(sqrt(2 / pi) * (x + 0.044715 * np.power(x, 3)))
        return 0.5 * x * (1 + self.u)

    def backward(self, dout):
        du = (1 - self.u ** 2) * sqrt(2 / pi) * (1 + 3 * 0.044715 * self.x ** 2)
        return dout * (0.5 * (1 + self.u) + 0.5 * self.x * du)
