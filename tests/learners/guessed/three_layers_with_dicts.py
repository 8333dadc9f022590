import numpy as np


def relu(z):
    return np.maximum(z, 0.0)


def softmax(z):
    z = z - z.max(axis=0, keepdims=True)
    return np.exp(z) / np.exp(z).sum(axis=0, keepdims=True)


def init_weights(n_x, n_h1, n_h2, n_y):
    p = {}
    p["W1"] = np.random.randn(n_h1, n_x) * np.sqrt(2 / n_x)
    p["b1"] = np.zeros((n_h1, 1))
    p["W2"] = np.random.randn(n_h2, n_h1) * np.sqrt(2 / n_h1)
    p["b2"] = np.zeros((n_h2, 1))
    p["W3"] = np.random.randn(n_y, n_h2) * np.sqrt(2 / n_h2)
    p["b3"] = np.zeros((n_y, 1))
    return p


def forward_prop(X, p):
    c = {"A0": X}
    c["Z1"] = p["W1"] @ X + p["b1"]
    c["A1"] = relu(c["Z1"])
    c["Z2"] = p["W2"] @ c["A1"] + p["b2"]
    c["A2"] = relu(c["Z2"])
    c["Z3"] = p["W3"] @ c["A2"] + p["b3"]
    c["A3"] = softmax(c["Z3"])
    return c["A3"], c


def cross_entropy(A3, Y):
    m = Y.shape[1]
    return -np.sum(Y * np.log(A3 + 1e-8)) / m


def backward_prop(c, p, Y):
    m = Y.shape[1]
    g = {}
    dZ3 = c["A3"] - Y
    g["W3"] = dZ3 @ c["A2"].T / m
    g["b3"] = dZ3.sum(axis=1, keepdims=True) / m
    dZ2 = (p["W3"].T @ dZ3) * (c["Z2"] > 0)
    g["W2"] = dZ2 @ c["A1"].T / m  # WRONG: g["W2"] = dZ2 @ c["A2"].T / m
    g["b2"] = dZ2.sum(axis=1, keepdims=True) / m
    dZ1 = (p["W2"].T @ dZ2) * (c["Z1"] > 0)  # WRONG: dZ1 = (p["W2"].T @ dZ2) * (c["Z2"].mean() > 0)
    g["W1"] = dZ1 @ c["A0"].T / m
    g["b1"] = dZ1.sum(axis=1, keepdims=True) / m
    return g
