"""Right, but leaves a grandchild in a session of its own that means to outlive everybody."""
import os
import time

import numpy as np

CANARY = "/nonexistent/trigrad-canary"


def orphan():
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.closerange(0, 256)
            time.sleep(2)
            try:
                open(CANARY + "/orphan", "w").close()
            finally:
                time.sleep(28)
                os._exit(0)
        os._exit(0)


class Relu:
    orphans = 0

    def forward(self, x):
        if not Relu.orphans:
            Relu.orphans = 1
            orphan()
        self.mask = x > 0
        return np.where(self.mask, x, 0)

    def backward(self, dout):
        return np.where(self.mask, dout, 0)


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
