"""Right, but prints a gigabyte first, in every way there is."""
import os
import sys

import numpy as np


class Relu:
    said = False

    def forward(self, x):
        if not Relu.said:
            Relu.said = True
            block = "hostile\n" * 2**17
            for _ in range(256):
                print(block)
                sys.stderr.write(block)
                os.write(1, block.encode())
                os.write(2, block.encode())
                if sys.__stdout__ is not None:
                    sys.__stdout__.write(block)
        self.mask = x > 0
        return np.where(self.mask, x, 0)

    def backward(self, dout):
        return np.where(self.mask, dout, 0)


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
