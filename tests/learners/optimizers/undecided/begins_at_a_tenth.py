import numpy as np


class AdaGrad:

    def __init__(self, lr=0.01, initial_accumulator_value=0.1, eps=1e-7):
        self.lr, self.init, self.eps = lr, initial_accumulator_value, eps
        self.h = {}

    def update(self, params, grads):
        for k in params:
            if k not in self.h:
                self.h[k] = np.full_like(params[k], self.init)
            self.h[k] += grads[k]**2
            params[k] -= self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)
