import numpy as np


def linear_fwd(inp, weight, bias):
    return inp @ weight.T + bias, (inp, weight)


def linear_bwd(grad_out, cache):
    inp, weight = cache
    return grad_out @ weight, grad_out.T @ inp, grad_out.sum(0)


def groupnorm_free_scale_forward(x, g, b):
    """scale and shift of channels, x: (N, C, H, W)"""
    return x * g[None, :, None, None] + b[None, :, None, None], (x, g)


def groupnorm_free_scale_backward(dout, cache):
    x, g = cache
    return dout * g[None, :, None, None], (dout * x).sum((0, 2, 3)), dout.sum((0, 2, 3))


def gru_cell_forward(x, h, Wz, Uz, bz, Wr, Ur, br, Wn, Un, bn):
    sig = lambda v: 1 / (1 + np.exp(-v))
    z = sig(x @ Wz + h @ Uz + bz)
    r = sig(x @ Wr + h @ Ur + br)
    n = np.tanh(x @ Wn + r * (h @ Un) + bn)
    return (1 - z) * n + z * h, (x, h, Wz, Uz, Wr, Ur, Wn, Un, z, r, n)


def gru_cell_backward(dh, cache):
    x, h, Wz, Uz, Wr, Ur, Wn, Un, z, r, n = cache
    dn = dh * (1 - z) * (1 - n ** 2)
    dz = dh * (h - n) * z * (1 - z)
    hu = h @ Un
    dr = dn * hu * r * (1 - r)
    dhu = dn * r
    dx = dn @ Wn.T + dz @ Wz.T + dr @ Wr.T
    dh_prev = dh * z + dhu @ Un.T + dz @ Uz.T + dr @ Ur.T
    return (dx, dh_prev, x.T @ dz, h.T @ dz, dz.sum(0), x.T @ dr, h.T @ dr, dr.sum(0),
            x.T @ dn, h.T @ dhu, dn.sum(0))


def embedding_forward(ids, table):
    return table[ids], (ids, table.shape)


def embedding_backward(dout, cache):
    ids, shape = cache
    dtable = np.zeros(shape)
    np.add.at(dtable, ids, dout)
    return dtable


def avgpool_forward(x, size, stride):
    N, C, H, W = x.shape
    oh, ow = (H - size) // stride + 1, (W - size) // stride + 1
    out = np.zeros((N, C, oh, ow))
    for i in range(oh):
        for j in range(ow):
            out[:, :, i, j] = x[:, :, i * stride:i * stride + size, j * stride:j * stride + size].mean((2, 3))
    return out, (x.shape, size, stride)


def avgpool_backward(dout, cache):
    shape, size, stride = cache
    dx = np.zeros(shape)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            dx[:, :, i * stride:i * stride + size, j * stride:j * stride + size] += dout[:, :, i, j][:, :, None, None] / size ** 2
    return dx


def logsumexp_forward(x):
    m = x.max(axis=-1, keepdims=True)
    e = np.exp(x - m)
    s = e.sum(axis=-1, keepdims=True)
    return (np.log(s) + m)[..., 0], e / s


def logsumexp_backward(dout, cache):
    return dout[..., None] * cache


def l2_normalize_forward(x, eps=1e-8):
    n = np.sqrt((x * x).sum(-1, keepdims=True) + eps)
    return x / n, (x / n, n)


def l2_normalize_backward(dout, cache):
    y, n = cache
    return (dout - y * (dout * y).sum(-1, keepdims=True)) / n


def cosine_similarity_forward(a, b):
    na = np.linalg.norm(a, axis=1)
    nb = np.linalg.norm(b, axis=1)
    s = (a * b).sum(1) / (na * nb)
    return s, (a, b, na, nb, s)


def cosine_similarity_backward(ds, cache):
    a, b, na, nb, s = cache
    d = ds[:, None]
    da = d * (b / (na * nb)[:, None] - s[:, None] * a / (na ** 2)[:, None])
    db = d * (a / (na * nb)[:, None] - s[:, None] * b / (nb ** 2)[:, None])
    return da, db
