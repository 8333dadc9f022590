# coding: utf-8
import numpy as np


def numerical_gradient(f, x):
    h = 1e-4
    grad = np.zeros_like(x)
    it = np.nditer(x, flags=['multi_index'], op_flags=['readwrite'])
    while not it.finished:
        i = it.multi_index
        v = x[i]
        x[i] = v + h
        plus = f(x)
        x[i] = v - h
        minus = f(x)
        grad[i] = (plus - minus) / (2 * h)
        x[i] = v
        it.iternext()
    return grad
