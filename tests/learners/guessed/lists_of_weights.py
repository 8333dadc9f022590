import numpy as np


def init_network(sizes):
    params = []
    for n_in, n_out in zip(sizes[:-1], sizes[1:]):
        params.append(np.random.randn(n_in, n_out) / np.sqrt(n_in))
        params.append(np.zeros((1, n_out)))
    return params


def forward(X, params):
    W1, b1, W2, b2 = params
    h = np.tanh(X @ W1 + b1)
    return h @ W2 + b2, h


def loss_fn(pred, target):
    return 0.5 * ((pred - target) ** 2).sum() / pred.shape[0]


def backward(X, target, pred, h, params):
    W1, b1, W2, b2 = params
    d2 = (pred - target) / pred.shape[0]
    d1 = d2 @ W2.T * (1 - h**2)  # WRONG: d1 = d2 @ W2.T * (1 - h)
    return [
        X.T @ d1,
        d1.sum(axis=0, keepdims=True),
        h.T @ d2,
        d2.sum(axis=0, keepdims=True),  # WRONG: d2.mean(axis=0, keepdims=True),
    ]
