import numpy as np


class RMSProp:

    def __init__(self, decay_rate=0.9) -> None:
        self.decay_rate = decay_rate
        self.cache = None

    def optimize(self, d_weights, learning_rate, epoch):
        if self.cache is None:
            self.cache = np.zeros_like(d_weights)
        self.cache = self.decay_rate * self.cache + (1 - self.decay_rate) * d_weights ** 2
        return - learning_rate * d_weights / (np.sqrt(self.cache) + 1e-8)


class Momentum:

    def __init__(self, learning_rate, momentum=0.9):
        self.lr, self.momentum, self.v = learning_rate, momentum, None

    def get_update(self, grad):
        pass

    def update(self, grad):
        if self.v is None:
            self.v = np.zeros_like(grad)
        self.v = self.momentum * self.v + self.lr * grad
        return self.v
