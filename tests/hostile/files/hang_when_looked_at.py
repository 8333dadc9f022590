"""The very look at the class's forward never ends: a descriptor that recognition touches."""
import time


class Endless:
    def __get__(self, instance, owner):
        time.sleep(60)


class Relu:
    forward = Endless()

    def backward(self, dout):
        return dout


class MulLayer:
    def forward(self, x, y):
        self.x, self.y = x, y
        return x * y

    def backward(self, dout):
        return dout * self.y, dout * self.x
class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
