"""sys.exit in forward, and in another layer's class body."""
import sys


class Relu:
    def forward(self, x):
        sys.exit("enough")

    def backward(self, dout):
        return dout


class Sigmoid:
    sys.exit(0)

    def forward(self, x):
        return x

    def backward(self, dout):
        return dout


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
