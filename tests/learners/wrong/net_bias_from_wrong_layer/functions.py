# coding: utf-8
import numpy as np


def softmax(x):
    """数値計算の安定のため最大値を引く"""
    x = x - np.max(x, axis=-1, keepdims=True)
    e = np.exp(x)
    return e / np.sum(e, axis=-1, keepdims=True)


def cross_entropy_error(y, t):
    if y.ndim == 1:
        y = y.reshape(1, -1)
        t = t.reshape(1, -1)
    n = y.shape[0]
    return -np.sum(t * np.log(y + 1e-7)) / n
