import numpy as np


class SGD:

    def __init__(self, lr=0.01):
        self.lr = lr

    def step(self, net):
        for param, grad in net.params_and_grads():
            param -= self.lr * grad


class Momentum:

    def __init__(self, learning_rate, momentum=0.9):
        self.lr = learning_rate
        self.mo = momentum
        self.updates = []

    def step(self, layer):
        if not self.updates:
            self.updates = [np.zeros_like(g) for g in layer.grads()]
        for update, param, grad in zip(self.updates, layer.params(), layer.grads()):
            update[:] = self.mo * update + (1 - self.mo) * grad
            param[:] = param - self.lr * update


class SGD:

    def __init__(self, layers, lr=0.001, momentum=0.0):
        self.lr = lr
        self.momentum = momentum
        self.layers = list(layers)

    def update(self):
        for layer in self.layers:
            if layer.trainable:
                for param, grad in zip(layer.parameters(), layer.dparameters()):
                    param -= self.lr * grad
