import numpy as np


def bilinear_forward(left, M, right):
    out = np.einsum("ni,ij,nj->n", left, M, right)
    return out, (left, M, right)


def bilinear_backward(dout, cache):
    left, M, right = cache
    dleft = dout[:, None] * (right @ M.T)  # WRONG: dleft = dout[:, None] * (right @ M)
    dM = np.einsum("n,ni,nj->ij", dout, left, right)
    dright = dout[:, None] * (left @ M)
    return dleft, dM, dright


np.random.seed(1)
left = np.random.randn(6, 3)
right = np.random.randn(6, 4)
M = np.random.randn(3, 4)
out, cache = bilinear_forward(left, M, right)
