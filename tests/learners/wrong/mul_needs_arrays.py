import numpy as np

class MulLayer:

    def __init__(self):
        self.x = None
        self.y = None

    def forward(self, x, y):
        # keep our own copies, somebody may change the arrays later
        self.x = x.copy()
        self.y = y.copy()
        return self.x * self.y

    def backward(self, dout):
        dx = dout * self.y
        dy = dout * self.x
        return dx, dy
