"""Backward fills what forward has returned, and what it was given, with sevens."""
import numpy as np


class MulLayer:
    def forward(self, x, y):
        self.x, self.y = np.copy(x), np.copy(y)
        self.given = [a for a in (x, y) if isinstance(a, np.ndarray) and a.flags.writeable]
        self.out = np.array(x * y)
        return self.out

    def backward(self, dout):
        dx, dy = dout * self.y, dout * self.x
        for array in (self.out, *self.given):
            array.fill(7)
        return dx, dy


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
