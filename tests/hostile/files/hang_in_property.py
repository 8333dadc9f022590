"""Forward is a property, and the look at it never ends."""
import time


class Relu:
    @property
    def forward(self):
        time.sleep(60)

    def backward(self, dout):
        return dout


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
