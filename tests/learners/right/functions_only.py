import numpy as np

sigmoid = lambda x: 0.5 * (1 + np.tanh(0.5 * x))


def softmax(x, axis=-1):
    e = np.exp(x - np.amax(x, axis=axis, keepdims=True))
    return e / np.sum(e, axis=axis, keepdims=True)


def cross_entropy_error(y, t, eps=1e-7):
    y = np.atleast_2d(y)
    t = np.atleast_2d(t)
    per_sample = -(t * np.log(y + eps)).sum(axis=1)
    return per_sample.mean()


def numerical_gradient(f, x, h=1e-4):
    grad = np.empty_like(x)
    for idx in np.ndindex(x.shape):
        keep = x[idx]
        try:
            x[idx] = keep + h
            above = f(x)
            x[idx] = keep - h
            below = f(x)
        finally:
            x[idx] = keep
        grad[idx] = (above - below) / (2 * h)
    return grad
