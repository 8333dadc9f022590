from collections import OrderedDict

import numpy as np


class Affine:
    def __init__(self, W, b):
        self.W = W
        self.b = b
        self.x = None
        self.dW = None
        self.db = None

    def forward(self, x):
        self.x = x
        return np.dot(x, self.W) + self.b

    def backward(self, dout):
        dx = np.dot(dout, self.W.T)  # WRONG raises 5: dx = np.dot(dout, self.W)
        self.dW = np.dot(self.x.T, dout)  # WRONG layer 5: self.dW = np.dot(self.x.T, dout) / len(dout)
        self.db = np.sum(dout, axis=0)
        return dx


class LeakyRelu:
    def forward(self, x):
        self.mask = x <= 0
        return np.where(self.mask, 0.1 * x, x)

    def backward(self, dout):
        return np.where(self.mask, 0.1 * dout, dout)  # WRONG layer 2: return np.where(self.mask, 0, dout)


class Softplus:
    def forward(self, x):
        self.x = x
        return np.log(1 + np.exp(x))

    def backward(self, dout):
        return dout / (1 + np.exp(-self.x))  # WRONG layer 4: return dout / (1 + np.exp(self.x))


class SoftmaxWithLoss:
    def forward(self, x, t):
        self.t = t
        x = x - np.max(x, axis=1, keepdims=True)
        self.y = np.exp(x) / np.sum(np.exp(x), axis=1, keepdims=True)
        return -np.sum(self.t * np.log(self.y + 1e-7)) / x.shape[0]

    def backward(self, dout=1):
        batch_size = self.t.shape[0]
        return (dout * (self.y - self.t) / batch_size)  # WRONG layer 6: return dout * (self.y - self.t)


# trigrad: x: N 3; t: onehot N 3; build: MultiLayerNet(3, [4, 4], 3)
class MultiLayerNet:
    def __init__(self, input_size, hidden_size_list, output_size):
        self.params = {}
        sizes = [input_size, *hidden_size_list, output_size]
        for idx in range(1, len(sizes)):
            self.params["W" + str(idx)] = 0.5 * np.random.randn(sizes[idx - 1], sizes[idx])
            self.params["b" + str(idx)] = np.zeros(sizes[idx])
        self.layers = OrderedDict()
        acts = [LeakyRelu, Softplus]
        for idx in range(1, len(hidden_size_list) + 1):
            self.layers["Affine" + str(idx)] = Affine(
                self.params["W" + str(idx)], self.params["b" + str(idx)]
            )
            self.layers["Act" + str(idx)] = acts[idx - 1]()
        idx = len(hidden_size_list) + 1
        self.layers["Affine" + str(idx)] = Affine(
            self.params["W" + str(idx)], self.params["b" + str(idx)]
        )
        self.last_layer = SoftmaxWithLoss()

    def predict(self, x):
        for layer in self.layers.values():
            x = layer.forward(x)
        return x

    def loss(self, x, t):
        y = self.predict(x)
        return self.last_layer.forward(y, t)

    def gradient(self, x, t):
        self.loss(x, t)
        dout = 1  # WRONG end 6: dout = len(x)
        dout = self.last_layer.backward(dout)
        layers = list(self.layers.values())
        layers.reverse()  # WRONG joint 1: pass
        for layer in layers:
            dout = layer.backward(dout)
        grads = {}
        for idx in range(1, 4):
            grads["W" + str(idx)] = self.layers["Affine" + str(idx)].dW
            grads["b" + str(idx)] = self.layers["Affine" + str(idx)].db
        grads["W2"] = self.layers["Affine2"].dW  # WRONG collected: grads["W2"] = self.layers["Affine2"].dW * 2
        grads["b2"] = self.layers["Affine2"].db  # WRONG key: grads["b2"] = self.layers["Affine1"].db
        return grads
