import numpy as np


class MulLayer:
    """Multiplikations-Knoten. Merkt sich beide Eingänge für den Rückweg."""

    def __init__(self):
        self.x = None
        self.y = None

    def forward(self, x, y):
        if self.x is None:
            self.x = x
            self.y = y
        return x * y

    def backward(self, dout):
        dx = dout * self.y   # vertauscht!
        dy = dout * self.x
        return dx, dy
