import numpy as np


def relu_fwd(x):
    return np.maximum(x, 0), x


def relu_bwd(saved_input, g):
    return (g * (saved_input > 0),)  # WRONG: return (g * saved_input,)


def affine_fwd(x, W, b):
    return x @ W + b, (x, W)


def affine_bwd(residuals, g):
    x, W = residuals
    return g @ W.T, x.T @ g, g.sum(axis=0)  # WRONG: return g @ W.T, x.T @ g, g.sum(axis=1)
