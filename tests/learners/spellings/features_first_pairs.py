# columns are samples here, as in the course
import numpy as np


def sigmoid(Z):
    return 1 / (1 + np.exp(-Z)), Z


def sigmoid_backward(dA, cache):
    a = 1 / (1 + np.exp(-cache))
    return dA * a * (1 - a)  # WRONG: return dA * a * (1 + a)


def relu(Z):
    return np.maximum(Z, 0), Z


def relu_backward(dA, cache):
    dZ = np.copy(dA)
    dZ[cache <= 0] = 0  # WRONG: dZ[cache <= 1] = 0
    return dZ


def linear_forward(A, W, b):
    return W @ A + b, (A, W, b)


def linear_backward(dZ, cache):
    A_prev, W, b = cache
    m = A_prev.shape[1]
    dW = dZ @ A_prev.T / m  # WRONG: dW = dZ @ A_prev.T
    db = dZ.sum(axis=1, keepdims=True) / m  # WRONG: db = dZ.sum(axis=1, keepdims=True)
    return W.T @ dZ, dW, db  # WRONG: return W.T @ dZ / m, dW, db
