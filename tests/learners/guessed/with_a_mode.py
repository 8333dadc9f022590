import numpy as np


def activation_forward(Z, activation):
    if activation == "relu":
        return np.maximum(Z, 0), Z
    elif activation == "tanh":
        return np.tanh(Z), Z
    raise ValueError(activation)


def activation_backward(dA, Z, activation):
    if activation == "relu":
        return dA * (Z > 0)
    elif activation == "tanh":
        return dA * (1 - np.tanh(Z) ** 2)  # WRONG: return dA * (1 - np.tanh(Z))
    raise ValueError(activation)
