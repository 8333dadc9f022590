"""A network of layers, with a hyperbolic tangent between them."""

import numpy as np


class Tanh:
    def forward(self, x):
        self.out = np.tanh(x)
        return self.out

    def backward(self, dout):
        return dout * (1 - self.out**2)  # WRONG: return dout * (1 - self.out)


class Affine:
    def __init__(self, W, b):
        self.W = W
        self.b = b

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, dout):
        self.dW = self.x.T @ dout
        self.db = dout.sum(axis=0)
        return dout @ self.W.T


class SoftmaxWithLoss:
    def forward(self, x, t):
        x = x - x.max(axis=1, keepdims=True)
        self.t = t
        self.y = np.exp(x) / np.exp(x).sum(axis=1, keepdims=True)
        return -np.sum(t * np.log(self.y + 1e-7)) / len(t)

    def backward(self, dout=1):
        return dout * (self.y - self.t) / len(self.t)


class TwoLayerNet:
    def __init__(self, input_size, hidden_size, output_size):
        self.params = {
            "W1": 0.1 * np.random.randn(input_size, hidden_size),
            "b1": np.zeros(hidden_size),
            "W2": 0.1 * np.random.randn(hidden_size, output_size),
            "b2": np.zeros(output_size),
        }
        self.first = Affine(self.params["W1"], self.params["b1"])
        self.tanh = Tanh()
        self.second = Affine(self.params["W2"], self.params["b2"])
        self.last = SoftmaxWithLoss()

    def predict(self, x):
        return self.second.forward(self.tanh.forward(self.first.forward(x)))

    def loss(self, x, t):
        return self.last.forward(self.predict(x), t)

    def gradient(self, x, t):
        self.loss(x, t)
        back = self.second.backward(self.last.backward())
        self.first.backward(self.tanh.backward(back))  # WRONG: self.first.backward(back)
        return {
            "W1": self.first.dW,
            "b1": self.first.db,
            "W2": self.second.dW,
            "b2": self.second.db,
        }
