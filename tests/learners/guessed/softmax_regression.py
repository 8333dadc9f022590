import numpy as np


def softmax(z):
    e = np.exp(z - np.max(z, axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def loss_and_grad(W, b, X, y_onehot, lam):
    n = X.shape[0]
    P = softmax(X @ W + b)
    loss = -np.sum(y_onehot * np.log(P)) / n + lam / 2 * np.sum(W ** 2)
    G = (P - y_onehot) / n
    gW = X.T @ G + lam * W  # WRONG: gW = X.T @ G + lam / n * W
    gb = G.sum(axis=0)
    return loss, (gW, gb)
