import numpy as np


# trigrad: x: D N; prev_h: H N; Wx: H D; Wh: H H; b: H 1
def rnn_step_forward(x, prev_h, Wx, Wh, b):
    next_h = np.tanh(Wx @ x + Wh @ prev_h + b)
    cache = (x, prev_h, Wx, Wh, next_h)
    return next_h, cache


def rnn_step_backward(dnext_h, cache):
    x, prev_h, Wx, Wh, next_h = cache
    dz = dnext_h * (1 - next_h ** 2)
    grads = {
        "dx": Wx.T @ dz,
        "dprev_h": Wh.T @ dz,
        "dWx": dz @ x.T,
        "dWh": dz @ prev_h.T,
        "db": dz.sum(axis=1, keepdims=True),
    }
    return grads
