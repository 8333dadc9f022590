import numpy as np


def model(theta, x):
    return theta[0] + theta[1] * x + theta[2] * x ** 2


def loss(theta, x, y):
    return np.mean((model(theta, x) - y) ** 2)


def grad_loss(theta, x, y):
    e = 2 * (model(theta, x) - y) / len(x)
    return np.array([e.sum(), (e * x).sum(), (e * x ** 2).sum()])  # WRONG: return np.array([e.sum(), (e * x).sum(), (e * x).sum()])
