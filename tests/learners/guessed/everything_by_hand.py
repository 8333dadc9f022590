import numpy as np


def tanh(x):
    return np.tanh(x)


def d_tanh(x):
    return 1 - np.tanh(x) ** 2


def fprop(x, w1, b1, w2, b2):
    """x: (features, samples)"""
    h_in = w1 @ x + b1
    h = tanh(h_in)
    y_hat = w2 @ h + b2
    return y_hat, h, h_in


def cost(y_hat, y):
    n = y.shape[1]
    return ((y_hat - y) ** 2).sum() / (2 * n)


def bprop(x, y, y_hat, h, h_in, w2):
    n = y.shape[1]
    d_y = (y_hat - y) / n  # WRONG: d_y = (y - y_hat) / n
    d_w2 = d_y @ h.T
    d_b2 = d_y.sum(1, keepdims=True)
    d_h = w2.T @ d_y * d_tanh(h_in)  # WRONG: d_h = w2.T @ d_y * d_tanh(h)
    d_w1 = d_h @ x.T
    d_b1 = d_h.sum(1, keepdims=True)
    return d_w1, d_b1, d_w2, d_b2
