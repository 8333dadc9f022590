from collections import OrderedDict

import numpy as np


def im2col(x, size):
    N, C, H, W = x.shape
    oh, ow = H - size + 1, W - size + 1
    col = np.zeros((N, C, size, size, oh, ow))
    for i in range(size):
        for j in range(size):
            col[:, :, i, j] = x[:, :, i : i + oh, j : j + ow]
    return col.transpose(0, 4, 5, 1, 2, 3).reshape(N * oh * ow, -1)


def col2im(col, shape, size):
    N, C, H, W = shape
    oh, ow = H - size + 1, W - size + 1
    col = col.reshape(N, oh, ow, C, size, size).transpose(0, 3, 4, 5, 1, 2)
    x = np.zeros(shape)
    for i in range(size):
        for j in range(size):
            x[:, :, i : i + oh, j : j + ow] += col[:, :, i, j]
    return x


class Convolution:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        FN, C, FH, FW = self.W.shape
        self.shape = x.shape
        self.col = im2col(x, FH)
        self.col_W = self.W.reshape(FN, -1).T
        out = self.col @ self.col_W + self.b
        side = x.shape[2] - FH + 1
        return out.reshape(x.shape[0], side, side, FN).transpose(0, 3, 1, 2)

    def backward(self, dout):
        FN, C, FH, FW = self.W.shape
        dout = dout.transpose(0, 2, 3, 1).reshape(-1, FN)
        self.db = np.sum(dout, axis=0)
        self.dW = ((self.col.T @ dout).transpose(1, 0).reshape(FN, C, FH, FW))  # WRONG layer 1: self.dW = (self.col.T @ dout).reshape(FN, C, FH, FW)
        return col2im(dout @ self.col_W.T, self.shape, FH)


class Activation:
    def forward(self, x):
        self.x = x
        return x / (1 + np.abs(x))

    def backward(self, dout):
        return dout / (1 + np.abs(self.x)) ** 2  # WRONG layer 2: return dout / (1 + np.abs(self.x))


class AveragePool:
    def forward(self, x):
        self.shape = x.shape
        N, C, H, W = x.shape
        return x.reshape(N, C, H // 2, 2, W // 2, 2).mean(axis=(3, 5))

    def backward(self, dout):
        return (dout.repeat(2, axis=2).repeat(2, axis=3) / 4)  # WRONG layer 3: return dout.repeat(2, axis=2).repeat(2, axis=3)


class Affine:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        self.original = x.shape
        self.x = x.reshape(len(x), -1)
        return self.x @ self.W + self.b

    def backward(self, dout):
        self.dW = self.x.T @ dout
        self.db = dout.sum(axis=0)
        return (dout @ self.W.T).reshape(self.original)


class CrossEntropy:
    def forward(self, x, t):
        y = np.exp(x - x.max(axis=1, keepdims=True))
        self.y, self.t = y / y.sum(axis=1, keepdims=True), t
        return -np.sum(t * np.log(self.y)) / len(x)

    def backward(self, dout):
        return dout * (self.y - self.t) / len(self.t)


# trigrad: x: N 1 5 5; t: onehot N 3; build: SimpleConvNet()
class SimpleConvNet:
    def __init__(self):
        g = np.random.default_rng(1)
        self.params = {}
        self.params["W1"] = g.normal(size=(2, 1, 2, 2))
        self.params["b1"] = np.zeros(2)
        self.params["W2"] = g.normal(size=(8, 3))
        self.params["b2"] = np.zeros(3)
        self.layers = OrderedDict()
        self.layers["Conv1"] = Convolution(self.params["W1"], self.params["b1"])
        self.layers["Act1"] = Activation()
        self.layers["Pool1"] = AveragePool()
        self.layers["Affine1"] = Affine(self.params["W2"], self.params["b2"])
        self.last_layer = CrossEntropy()

    def predict(self, x):
        for layer in self.layers.values():
            x = layer.forward(x)
        return x

    def loss(self, x, t):
        return self.last_layer.forward(self.predict(x), t)

    def gradient(self, x, t):
        self.loss(x, t)
        dout = self.last_layer.backward(1)
        for layer in reversed(list(self.layers.values())):
            dout = layer.backward(dout)
        grads = {}
        grads["W1"], grads["b1"] = self.layers["Conv1"].dW, self.layers["Conv1"].db
        grads["W2"], grads["b2"] = (self.layers["Affine1"].dW, self.layers["Affine1"].db)  # WRONG collected: grads["W2"], grads["b2"] = self.layers["Affine1"].dW, self.layers["Affine1"].db.sum() * np.ones(3)
        return grads
