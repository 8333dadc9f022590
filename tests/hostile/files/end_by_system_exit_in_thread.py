"""Right, with threads that raise SystemExit and worse."""
import threading

import numpy as np


def leave():
    raise SystemExit(3)


def fail():
    raise ValueError("nobody hears this")


class Relu:
    left = False

    def forward(self, x):
        for target in () if Relu.left else (leave, fail):
            thread = threading.Thread(target=target)
            thread.start()
            thread.join()
        Relu.left = True
        self.mask = x > 0
        return np.where(self.mask, x, 0)

    def backward(self, dout):
        return np.where(self.mask, dout, 0)


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
