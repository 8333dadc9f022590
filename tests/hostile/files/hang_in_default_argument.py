"""A default argument whose value never comes."""
import time


class Sigmoid:
    def forward(self, x, wait=time.sleep(60)):
        return x

    def backward(self, dout):
        return dout


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, dout * 1
