import numpy as np


def sgd_update(w, b, dw, db, lr):
    return w - lr*dw, b - lr*db


def update_params(W1, b1, W2, b2, dW1, db1, dW2, db2, alpha):
    W1 = W1 - alpha * dW1
    b1 = b1 - alpha * db1
    W2 = W2 - alpha * dW2
    b2 = b2 - alpha * db2
    return W1, b1, W2, b2


class Adagrad:

    def __init__(self, eta=0.1):
        self.eta = eta
        self.G_w = 0
        self.G_b = 0

    def update(self, w, b, dw, db):
        self.G_w += dw**2
        self.G_b += db**2
        w = w - self.eta / np.sqrt(self.G_w + 1e-8) * dw
        b = b - self.eta / np.sqrt(self.G_b + 1e-8) * db
        return w, b


def adam(w, g, m, v, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g * g
    mh = m / (1 - beta1 ** t)
    vh = v / (1 - beta2 ** t)
    return w - lr * mh / (np.sqrt(vh) + eps), m, v


class NesterovMomentum:

    def __init__(self, lr, mu=0.9):
        self.lr, self.mu, self.v = lr, mu, 0

    def __call__(self, w, grad):
        v_prev = self.v
        self.v = self.mu * self.v - self.lr * grad
        return w + (-self.mu * v_prev + (1 + self.mu) * self.v)
