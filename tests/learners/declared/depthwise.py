import numpy as np


# trigrad: x: N C H W; w: C 2 2
def depthwise_forward(x, w):
    n, c, h, width = x.shape
    kh, kw = w.shape[1:]
    out = np.zeros((n, c, h - kh + 1, width - kw + 1))
    for i in range(kh):
        for j in range(kw):
            out += x[:, :, i:h - kh + 1 + i, j:width - kw + 1 + j] * w[:, i, j].reshape(1, c, 1, 1)
    return out, (x, w)


def depthwise_backward(dout, cache):
    x, w = cache
    dx = np.zeros(x.shape)
    dw = np.zeros(w.shape)
    oh, ow = dout.shape[2:]
    for i in range(w.shape[1]):
        for j in range(w.shape[2]):
            dw[:, i, j] = (x[:, :, i:i + oh, j:j + ow] * dout).sum(axis=(0, 2, 3))
            dx[:, :, i:i + oh, j:j + ow] += dout * w[:, i, j].reshape(1, -1, 1, 1)
    return dx, dw
