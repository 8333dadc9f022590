import numpy as np


class Adam:

    def __init__(self, lr=0.001, warmup=10):
        self.lr, self.warmup, self.t = lr, warmup, 0
        self.m, self.v = {}, {}

    def update(self, params, grads):
        self.t += 1
        lr = self.lr * min(1, self.t / self.warmup)
        for k in params:
            self.m[k] = .9 * self.m.get(k, 0) + .1 * grads[k]
            self.v[k] = .999 * self.v.get(k, 0) + .001 * grads[k]**2
            params[k] -= lr * (self.m[k] / (1 - .9**self.t)) / (np.sqrt(self.v[k] / (1 - .999**self.t)) + 1e-8)
