import numpy as np


class Momentum:

    def __init__(self, lr=0.1, momentum=0.9, clip_norm=1.0):
        self.lr, self.momentum, self.clip_norm, self.v = lr, momentum, clip_norm, None

    def update(self, params, grads):
        norm = np.sqrt(sum((g**2).sum() for g in grads.values()))
        rate = min(1, self.clip_norm / (norm + 1e-6))
        if self.v is None: self.v = {k: np.zeros_like(p) for k, p in params.items()}
        for k in params:
            self.v[k] = self.momentum * self.v[k] - self.lr * rate * grads[k]
            params[k] += self.v[k]
