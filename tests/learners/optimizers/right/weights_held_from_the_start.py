import numpy as np


class Adam:

    def __init__(self, parameters, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        self.parameters = parameters
        self.lr = learning_rate
        self.beta1, self.beta2, self.epsilon = beta1, beta2, epsilon
        self.m = {k: np.zeros_like(v) for k, v in parameters.items()}
        self.v = {k: np.zeros_like(v) for k, v in parameters.items()}
        self.t = 0

    def update(self, gradients):
        self.t += 1
        for k in self.parameters:
            g = gradients["d" + k]
            self.m[k] = self.beta1 * self.m[k] + (1 - self.beta1) * g
            self.v[k] = self.beta2 * self.v[k] + (1 - self.beta2) * g**2
            m_hat = self.m[k] / (1 - self.beta1**self.t)
            v_hat = self.v[k] / (1 - self.beta2**self.t)
            self.parameters[k] -= self.lr * m_hat / (np.sqrt(v_hat) + self.epsilon)
        return self.parameters


class AdaGrad:

    def __init__(self, lr=0.1):
        self.lr = lr
        self.cache = None

    def update(self, weights, gradients):
        if self.cache is None:
            self.cache = [np.zeros(w.shape) for w in weights]
        new = []
        for w, g, c in zip(weights, gradients, self.cache):
            c += g ** 2
            new.append(w - self.lr * g / (np.sqrt(c) + 1e-8))
        return new


class RMSProp:

    def __init__(self, lr=0.001, decay=0.9, eps=1e-8):
        self.lr, self.decay, self.eps = lr, decay, eps
        self.cache = {}

    def apply_gradients(self, grads_and_vars):
        for g, v in grads_and_vars:
            c = self.cache.get(id(v), 0)
            c = self.decay * c + (1 - self.decay) * g * g
            self.cache[id(v)] = c
            v -= self.lr * g / (np.sqrt(c) + self.eps)
