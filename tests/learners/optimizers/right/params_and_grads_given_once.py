import numpy as np


class Adam:

    def __init__(self, params, grads, lr=0.001, beta1=0.9, beta2=0.999, dtype=np.float64):
        self.params = params
        self.grads = grads
        self.lr = lr
        self.beta1 = beta1
        self.beta2 = beta2
        self.dtype = dtype
        self.iter = 0
        self.m = []
        self.v = []
        for param in params:
            self.m.append(np.zeros_like(param, dtype=dtype))
            self.v.append(np.zeros_like(param, dtype=dtype))

    def update(self):
        self.iter += 1
        lr_t = self.lr * np.sqrt(1.0 - self.beta2**self.iter) / (1.0 - self.beta1**self.iter)
        for i in range(len(self.params)):
            self.m[i] += (1 - self.beta1) * (self.grads[i] - self.m[i])
            self.v[i] += (1 - self.beta2) * (self.grads[i] ** 2 - self.v[i])
            self.params[i] -= lr_t * self.m[i] / (np.sqrt(self.v[i]) + 1e-7)


class SGD:

    def __init__(self, lr=0.1):
        self.lr = lr

    def update(self, params, grads):
        params -= self.lr * grads
        return params
