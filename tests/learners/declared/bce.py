import numpy as np


# trigrad: p: unit N 1; t: binary N 1
def binary_cross_entropy(p, t):
    m = t.shape[0]
    return -(1 / m) * np.sum(t * np.log(p) + (1 - t) * np.log(1 - p))


def binary_cross_entropy_backward(p, t):
    m = t.shape[0]
    return -(np.divide(t, p) - np.divide(1 - t, 1 - p)) / m
