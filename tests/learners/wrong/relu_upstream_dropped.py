import numpy as np


class ReLU:
    """Rectified linear unit.

    forward:   y = max(0, x)
    backward:  dy/dx = 1 for x > 0, 0 otherwise
    """

    def __init__(self):
        self.x = None

    def forward(self, x):
        self.x = x
        return np.maximum(0, x)

    def backward(self, dout):
        grad = np.zeros_like(self.x)
        grad[self.x > 0] = 1
        return grad
