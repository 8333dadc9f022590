import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def compute_cost_reg(X, y, w, b, lambda_=1):
    m, n = X.shape
    f = sigmoid(X @ w + b)
    cost = np.mean(-y * np.log(f) - (1 - y) * np.log(1 - f))
    return cost + lambda_ / (2 * m) * np.sum(w**2)


def compute_gradient_reg(X, y, w, b, lambda_=1):
    m, n = X.shape
    err = sigmoid(X @ w + b) - y
    dj_dw = X.T @ err / m + lambda_ / m * w  # WRONG: dj_dw = X.T @ err / m
    dj_db = np.mean(err)
    return dj_db, dj_dw
