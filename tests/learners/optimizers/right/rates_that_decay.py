import numpy as np


class SGD:

    def __init__(self, lr=0.1, momentum=0.9, lr_decay=0.99):
        self.lr, self.momentum, self.lr_decay = lr, momentum, lr_decay
        self.v = {}

    def update(self, params, grads):
        for k in params:
            self.v[k] = self.momentum * self.v.get(k, 0) + grads[k]
            params[k] -= self.lr * self.v[k]
        self.lr *= self.lr_decay
