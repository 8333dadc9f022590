"""Right, but its process never ends: an atexit function and a thread that both sleep."""
import atexit
import threading
import time

import numpy as np


def linger():
    time.sleep(30)


class Relu:
    lingers = False

    def forward(self, x):
        if not Relu.lingers:
            Relu.lingers = True
            atexit.register(linger)
            threading.Thread(target=linger).start()
        self.mask = x > 0
        return np.where(self.mask, x, 0)

    def backward(self, dout):
        return np.where(self.mask, dout, 0)


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
