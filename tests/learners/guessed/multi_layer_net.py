from collections import OrderedDict

import numpy as np


class Relu:
    def __init__(self):
        self.mask = None

    def forward(self, x):
        self.mask = x <= 0
        out = x.copy()
        out[self.mask] = 0
        return out

    def backward(self, dout):
        dout = dout.copy()
        dout[self.mask] = 0
        return dout


class Affine:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        self.x = x
        return np.dot(x, self.W) + self.b

    def backward(self, dout):
        self.dW = np.dot(self.x.T, dout)
        self.db = np.sum(dout, axis=0)
        return np.dot(dout, self.W.T)


class SoftmaxWithLoss:
    def forward(self, x, t):
        e = np.exp(x - np.max(x, axis=1, keepdims=True))
        self.y, self.t = e / np.sum(e, axis=1, keepdims=True), t
        return -np.sum(t * np.log(self.y + 1e-7)) / len(x)

    def backward(self, dout=1):
        return dout * (self.y - self.t) / len(self.t)


class MultiLayerNet:
    def __init__(self, input_size, hidden_size_list, output_size, weight_decay_lambda=0):
        self.hidden_layer_num = len(hidden_size_list)
        self.weight_decay_lambda = weight_decay_lambda
        self.params = {}
        sizes = [input_size] + hidden_size_list + [output_size]
        for i in range(1, len(sizes)):
            scale = np.sqrt(2.0 / sizes[i - 1])
            self.params["W" + str(i)] = scale * np.random.randn(sizes[i - 1], sizes[i])
            self.params["b" + str(i)] = np.zeros(sizes[i])

        self.layers = OrderedDict()
        for i in range(1, self.hidden_layer_num + 1):
            self.layers["Affine" + str(i)] = Affine(self.params["W" + str(i)], self.params["b" + str(i)])
            self.layers["Relu" + str(i)] = Relu()
        i = self.hidden_layer_num + 1
        self.layers["Affine" + str(i)] = Affine(self.params["W" + str(i)], self.params["b" + str(i)])
        self.last_layer = SoftmaxWithLoss()

    def predict(self, x):
        for layer in self.layers.values():
            x = layer.forward(x)
        return x

    def loss(self, x, t):
        decay = 0
        for i in range(1, self.hidden_layer_num + 2):
            decay += 0.5 * self.weight_decay_lambda * np.sum(self.params["W" + str(i)] ** 2)
        return self.last_layer.forward(self.predict(x), t) + decay

    def accuracy(self, x, t):
        return np.mean(np.argmax(self.predict(x), axis=1) == np.argmax(t, axis=1))

    def gradient(self, x, t):
        self.loss(x, t)
        dout = self.last_layer.backward(1)
        for layer in reversed(list(self.layers.values())):  # WRONG: for layer in list(self.layers.values())[:0:-1]:
            dout = layer.backward(dout)

        grads = {}
        for i in range(1, self.hidden_layer_num + 2):
            affine = self.layers["Affine" + str(i)]
            grads["W" + str(i)] = affine.dW + self.weight_decay_lambda * affine.W  # WRONG: grads["W" + str(i)] = affine.dW * (i < 3)
            grads["b" + str(i)] = affine.db  # WRONG: grads["b" + str(i)] = affine.db / len(x)
        return grads
