import numpy as np


class Momentum:

    def __init__(self, epsilon=0.01, alpha=0.9):
        self.epsilon, self.alpha, self.v = epsilon, alpha, {}

    def update(self, params, grads):
        for k in params:
            self.v[k] = self.alpha * self.v.get(k, 0) - self.epsilon * grads[k]
            params[k] += self.v[k]


class Adam:

    def __init__(self, lr=0.001, betas=(0.9, 0.999), eps=1e-8):
        self.lr, self.betas, self.eps = lr, betas, eps
        self.m = self.v = None

    def update(self, params, grads, t):
        if self.m is None:
            self.m = [np.zeros_like(p) for p in params]
            self.v = [np.zeros_like(p) for p in params]
        b1, b2 = self.betas
        for i, (p, g) in enumerate(zip(params, grads)):
            self.m[i] = b1 * self.m[i] + (1 - b1) * g
            self.v[i] = b2 * self.v[i] + (1 - b2) * g**2
            p -= self.lr * (self.m[i] / (1 - b1**t)) / (np.sqrt(self.v[i] / (1 - b2**t) + self.eps))


class RMSprop:

    def __init__(self, lr=0.01, rho=0.9, momentum=0.0, eps=1e-7, centered=False):
        self.lr, self.rho, self.momentum, self.eps = lr, rho, momentum, eps
        self.h, self.v = {}, {}

    def update(self, params, grads):
        for k in params:
            self.h[k] = self.rho * self.h.get(k, 0) + (1 - self.rho) * grads[k]**2
            step = self.lr * grads[k] / (np.sqrt(self.h[k]) + self.eps)
            if self.momentum:
                step = self.v[k] = self.momentum * self.v.get(k, 0) + step
            params[k] -= step


class SGD:

    def __init__(self, learning_rate=0.01, momentum=0.0, nesterov=False):
        self.learning_rate = learning_rate
        self.momentum = momentum
        self.nesterov = nesterov

    def update_params(self, layer):
        layer.weights -= self.learning_rate * layer.dweights
        layer.biases -= self.learning_rate * layer.dbiases


def update_parameters_with_rmsprop(parameters, grads, s, beta=0.9, learning_rate=0.01, epsilon=1e-8):
    L = len(parameters) // 2
    for l in range(L):
        for p in ('W', 'b'):
            k = p + str(l + 1)
            s['d' + k] = beta * s['d' + k] + (1 - beta) * np.square(grads['d' + k])
            parameters[k] = parameters[k] - learning_rate * grads['d' + k] / (np.sqrt(s['d' + k]) + epsilon)
    return parameters, s
