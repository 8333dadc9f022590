import numpy as np


class RMSprop:

    def __init__(self, lr=0.001, t0=0):
        self.lr = lr; self.h = {}; self.t = t0

    def update(self, params, grads):
        self.t += 1
        lr = self.lr / np.sqrt(self.t)
        for k in params:
            self.h[k] = 0.9 * self.h.get(k, 0) + 0.1 * grads[k]**2
            params[k] -= lr * grads[k] / (np.sqrt(self.h[k]) + 1e-8)
