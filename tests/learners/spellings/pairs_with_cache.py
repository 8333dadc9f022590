import numpy as np


def affine_forward(x, w, b):
    flat = x.reshape(len(x), -1)
    return flat @ w + b, (x, w, b)


def affine_backward(dout, cache):
    x, w, b = cache
    dx = (dout @ w.T).reshape(x.shape)
    dw = x.reshape(len(x), -1).T @ dout  # WRONG: dw = x.reshape(len(x), -1).T @ dout / len(x)
    db = dout.sum(0)  # WRONG: db = dout.sum(1)
    return dx, dw, db


def relu_forward(x):
    return x.clip(min=0), x


def relu_backward(dout, cache):
    return dout * (cache > 0)  # WRONG: return dout * (dout > 0)


def mul_forward(x, y):
    return x * y, (x, y)


def mul_backward(dout, cache):
    x, y = cache
    return y * dout, x * dout  # WRONG: return x * dout, y * dout


def matmul_forward(x, w):
    return x @ w, (x, w)


def matmul_backward(dout, cache):
    x, w = cache
    return dout @ w.T, x.T @ dout  # WRONG: return dout @ w.T, -x.T @ dout


def softmax_loss(x, y):
    logp = x - x.max(axis=1, keepdims=True)
    logp = logp - np.log(np.exp(logp).sum(axis=1, keepdims=True))
    rows = np.arange(len(y))
    dx = np.exp(logp)
    dx[rows, y] -= 1  # WRONG: dx[rows, y] -= 2
    return -logp[rows, y].mean(), dx / len(y)  # WRONG: return -logp[rows, y].mean(), dx
