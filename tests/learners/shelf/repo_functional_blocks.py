"""Functions in pairs, with their numbers as arguments."""
import numpy as np


def maxpool2d_forward(x, pool_size, stride):
    n, c, h, w = x.shape
    oh, ow = (h - pool_size) // stride + 1, (w - pool_size) // stride + 1
    out = np.zeros((n, c, oh, ow))
    for i in range(oh):
        for j in range(ow):
            out[:, :, i, j] = x[:, :, i * stride:i * stride + pool_size, j * stride:j * stride + pool_size].max(axis=(2, 3))
    return out, (x, out)


def maxpool2d_backward(dout, cache, pool_size, stride):
    x, out = cache
    dx = np.zeros_like(x)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            rows, cols = slice(i * stride, i * stride + pool_size), slice(j * stride, j * stride + pool_size)
            window = x[:, :, rows, cols]
            top = window == out[:, :, i, j][:, :, None, None]
            top = top / top.sum(axis=(2, 3), keepdims=True)
            dx[:, :, rows, cols] += top * dout[:, :, i, j][:, :, None, None]
    return dx


def attention_forward(x, Wq, Wk, Wv):
    q, k, v = x @ Wq, x @ Wk, x @ Wv
    s = q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])
    e = np.exp(s - s.max(-1, keepdims=True))
    a = e / e.sum(-1, keepdims=True)
    return a @ v, (x, Wq, Wk, Wv, q, k, v, a)


def attention_backward(dout, cache):
    x, Wq, Wk, Wv, q, k, v, a = cache
    dv = a.swapaxes(-1, -2) @ dout
    da = dout @ v.swapaxes(-1, -2)
    ds = a * (da - (da * a).sum(-1, keepdims=True)) / np.sqrt(q.shape[-1])
    dq, dk = ds @ k, ds.swapaxes(-1, -2) @ q
    dx = dq @ Wq.T + dk @ Wk.T + dv @ Wv.T
    dWq = np.einsum("ntd,nte->de", x, dq)
    dWk = np.einsum("ntd,nte->de", x, dk)
    dWv = np.einsum("ntd,nte->de", x, dv)
    return dx, dWq, dWk, dWv


def mlp_block_forward(x, W1, b1, W2, b2):
    h = x @ W1 + b1
    g = np.maximum(h, 0)
    return g @ W2 + b2, (x, W1, W2, h, g)


def mlp_block_backward(dout, cache):
    x, W1, W2, h, g = cache
    dW2 = g.T @ dout
    db2 = dout.sum(0)
    dh = dout @ W2.T * (h > 0)
    return dh @ W1.T, x.T @ dh, dh.sum(0), dW2, db2


def leaky_forward(x, alpha):
    return np.where(x > 0, x, alpha * x), (x, alpha)


def leaky_backward(dout, cache):
    x, alpha = cache
    return dout * np.where(x > 0, 1.0, alpha)


def dropout_forward(x, keep_prob):
    mask = (np.random.rand(*x.shape) < keep_prob) / keep_prob
    return x * mask, mask


def dropout_backward(dout, mask):
    return dout * mask
