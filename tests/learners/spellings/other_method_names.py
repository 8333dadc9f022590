import numpy as np


class ReLuNode:
    def forward(self, x):
        self.mask = x > 0
        return x * self.mask

    def backward(self, dout):
        return dout * self.mask  # WRONG: return dout


class MultiplyGate:
    def fprop(self, x, y):
        self.x, self.y = x, y
        return x * y

    def bprop(self, dz):
        return dz * self.y, dz * self.x  # WRONG: return dz * self.x, dz * self.y


class PlusLayer:
    def _forward_propagation(self, x, y):
        return x + y

    def _backward_propagation(self, dout=1):
        return dout * 1.0, dout * 1.0  # WRONG: return dout * 1.0, dout * -1.0


class SigmoidLayer:
    def _forward(self, x, train_flg=True):
        self.o = 1 / (1 + np.exp(-x))
        return self.o

    def _backward(self, d):
        return d * self.o * (1 - self.o)  # WRONG: return self.o * (1 - self.o)


class SoftMaxWithLoss:
    def feed_forward(self, x, t):
        e = np.exp(x - x.max(axis=1, keepdims=True))
        self.y, self.t = e / e.sum(axis=1, keepdims=True), t
        return -np.sum(t * np.log(self.y)) / len(x)

    def back_propagation(self, dout=1):
        return dout * (self.y - self.t) / len(self.t)  # WRONG: return dout * (self.y - self.t)


class Affine:
    def __init__(self, bias, weight, *, name="fc"):
        self.weight, self.bias, self.name = weight, bias, name

    def __call__(self, x, *, training=True):
        self.x = x
        return x @ self.weight + self.bias

    def backward(self, dout, *, scale=1.0):
        self.dweight = self.x.T @ dout  # WRONG: self.dweight = self.x.T @ dout + self.weight
        self.dbias = dout.sum(0)
        return dout @ self.weight.T
