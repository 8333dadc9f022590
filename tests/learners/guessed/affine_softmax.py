import numpy as np


def affine_softmax_loss(W, b, X, y):
    scores = X @ W + b
    e = np.exp(scores - scores.max(1, keepdims=True))
    probs = e / e.sum(1, keepdims=True)
    n = len(y)
    loss = -np.mean(np.log(probs[range(n), y]))
    d = probs.copy()
    d[range(n), y] -= 1
    d /= n
    return loss, X.T @ d, d.sum(0)  # WRONG: return loss, X.T @ d, d.sum()
