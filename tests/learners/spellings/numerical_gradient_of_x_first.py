import numpy as np


def numerical_gradient(x, loss, h=1e-4):
    gradient = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        kept = x[index]
        x[index] = kept + h
        above = loss(x)
        x[index] = kept - h
        below = loss(x)
        x[index] = kept
        gradient[index] = (above - below) / (2 * h)  # WRONG: gradient[index] = (above - below) / h
    return gradient
