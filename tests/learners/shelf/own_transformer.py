import numpy as np


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


class MultiHeadAttention:
    """self attention, x has shape (N, T, E); all matrices are (E, E)"""

    def __init__(self, Wq, Wk, Wv, Wo, heads=2):
        self.Wq, self.Wk, self.Wv, self.Wo = Wq, Wk, Wv, Wo
        self.heads = heads

    def split(self, x):
        N, T, E = x.shape
        return x.reshape(N, T, self.heads, E // self.heads).transpose(0, 2, 1, 3)

    def merge(self, x):
        N, h, T, d = x.shape
        return x.transpose(0, 2, 1, 3).reshape(N, T, h * d)

    def forward(self, x):
        self.x = x
        self.q = self.split(x @ self.Wq)
        self.k = self.split(x @ self.Wk)
        self.v = self.split(x @ self.Wv)
        self.scale = 1 / np.sqrt(self.q.shape[-1])
        self.a = softmax(self.q @ self.k.swapaxes(-1, -2) * self.scale)
        self.z = self.merge(self.a @ self.v)
        return self.z @ self.Wo

    def backward(self, dout):
        E = self.Wo.shape[0]
        self.dWo = self.z.reshape(-1, E).T @ dout.reshape(-1, E)
        dz = self.split(dout @ self.Wo.T)
        dv = self.a.swapaxes(-1, -2) @ dz
        da = dz @ self.v.swapaxes(-1, -2)
        ds = self.a * (da - (da * self.a).sum(-1, keepdims=True)) * self.scale
        dq = self.merge(ds @ self.k)
        dk = self.merge(ds.swapaxes(-1, -2) @ self.q)
        dv = self.merge(dv)
        flat = self.x.reshape(-1, E)
        self.dWq = flat.T @ dq.reshape(-1, E)
        self.dWk = flat.T @ dk.reshape(-1, E)
        self.dWv = flat.T @ dv.reshape(-1, E)
        return dq @ self.Wq.T + dk @ self.Wk.T + dv @ self.Wv.T


class FeedForward:
    def __init__(self, W1, b1, W2, b2):
        self.W1, self.b1, self.W2, self.b2 = W1, b1, W2, b2

    def forward(self, x):
        self.x = x
        self.h = np.maximum(0, x @ self.W1 + self.b1)
        return x + self.h @ self.W2 + self.b2  # residual

    def backward(self, dout):
        self.dW2 = self.h.T @ dout
        self.db2 = dout.sum(0)
        dh = dout @ self.W2.T * (self.h > 0)
        self.dW1 = self.x.T @ dh
        self.db1 = dh.sum(0)
        return dout + dh @ self.W1.T
