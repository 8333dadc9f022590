import numpy as np


class AdamOptimizer:
    """Keeps its state by the name of the weight; each call counts for that weight alone."""

    def __init__(self, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        self.learning_rate = learning_rate
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.state = {}

    def update(self, name, w, grad):
        m, v, t = self.state.get(name, (np.zeros_like(w), np.zeros_like(w), 0))
        t = t + 1
        m = self.beta1 * m + (1 - self.beta1) * grad
        v = self.beta2 * v + (1 - self.beta2) * grad**2
        self.state[name] = (m, v, t)
        step = m / (1 - self.beta1**t) / (np.sqrt(v / (1 - self.beta2**t)) + self.epsilon)
        return w - self.learning_rate * step


def momentum(w, dw, v, lr=0.01, mu=0.9):
    v = mu * v - lr * dw
    w = w + v
    return w, v


class MomentumSGD:
    lr = 0.01

    def __init__(self):
        self.v = {}

    def update(self, params, grads):
        for key in params:
            self.v[key] = 0.9 * self.v.get(key, 0) - self.lr * grads[key]
            params[key] = params[key] + self.v[key]
