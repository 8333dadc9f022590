import numpy as np


class GradientDescent:
    def __init__(self, lr):
        self.lr = lr

    def update(self, layer):
        layer.W = layer.W - self.lr * layer.dW
        layer.B = layer.B - self.lr * layer.dB


class Momentum:
    def __init__(self, alpha=0.01, beta=0.9):
        self.alpha, self.beta = alpha, beta
        self.speed = {}

    def update(self, layer):
        vw, vb = self.speed.get(id(layer), (0, 0))
        vw = self.beta * vw + layer.dW
        vb = self.beta * vb + layer.dB
        layer.W -= self.alpha * vw
        layer.B -= self.alpha * vb
        self.speed[id(layer)] = vw, vb


class Adam:
    def __init__(self, layers, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.layers = layers
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.t = 0
        self.m = [[0, 0] for _ in layers]
        self.v = [[0, 0] for _ in layers]

    def step(self):
        self.t += 1
        for k, layer in enumerate(self.layers):
            grads = (layer.dW, layer.dB)
            new = []
            for i, w in enumerate((layer.W, layer.B)):
                self.m[k][i] = self.beta1 * self.m[k][i] + (1 - self.beta1) * grads[i]
                self.v[k][i] = self.beta2 * self.v[k][i] + (1 - self.beta2) * grads[i] ** 2
                m = self.m[k][i] / (1 - self.beta1**self.t)
                v = self.v[k][i] / (1 - self.beta2**self.t)
                new.append(w - self.lr * m / (v**0.5 + self.eps))
            layer.W, layer.B = new
