import numpy as np


def softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


class CausalSelfAttention:
    """x: (B, T, D)"""

    def __init__(self, Wqkv, Wproj):
        self.Wqkv, self.Wproj = Wqkv, Wproj

    def forward(self, x):
        T = x.shape[1]
        self.x = x
        self.q, self.k, self.v = np.split(x @ self.Wqkv, 3, axis=-1)
        s = self.q @ self.k.transpose(0, 2, 1) / np.sqrt(self.q.shape[-1])
        s = np.where(np.tril(np.ones((T, T))) == 1, s, -1e9)
        self.a = softmax(s)
        self.y = self.a @ self.v
        return self.y @ self.Wproj

    def backward(self, dout):
        d = self.Wproj.shape[0]
        self.dWproj = self.y.reshape(-1, d).T @ dout.reshape(-1, dout.shape[-1])
        dy = dout @ self.Wproj.T
        dv = self.a.transpose(0, 2, 1) @ dy
        da = dy @ self.v.transpose(0, 2, 1)
        ds = self.a * (da - (da * self.a).sum(-1, keepdims=True)) / np.sqrt(self.q.shape[-1])
        dq, dk = ds @ self.k, ds.transpose(0, 2, 1) @ self.q
        dqkv = np.concatenate([dq, dk, dv], axis=-1)
        self.dWqkv = self.x.reshape(-1, self.x.shape[-1]).T @ dqkv.reshape(-1, dqkv.shape[-1])
        return dqkv @ self.Wqkv.T


class AdditiveAttentionScore:
    """v tanh(keys Wk + query Wq)"""

    def __init__(self, Wq, Wk, v):
        self.Wq, self.Wk, self.v = Wq, Wk, v

    def forward(self, query, keys):
        self.query, self.keys = query, keys
        self.t = np.tanh((query @ self.Wq)[:, None, :] + keys @ self.Wk)
        return self.t @ self.v

    def backward(self, dout):
        self.dv = np.einsum("nt,ntk->k", dout, self.t)
        dt = dout[:, :, None] * self.v * (1 - self.t ** 2)
        self.dWq = self.query.T @ dt.sum(1)
        self.dWk = np.einsum("ntd,ntk->dk", self.keys, dt)
        return dt.sum(1) @ self.Wq.T, dt @ self.Wk.T


class PositionalEmbedding:
    def __init__(self, max_len, dim):
        self.P = np.random.randn(max_len, dim) * 0.1

    def forward(self, x):
        self.T = x.shape[1]
        return x + self.P[:self.T]

    def backward(self, dout):
        self.dP = np.zeros_like(self.P)
        self.dP[:self.T] = dout.sum(axis=0)
        return dout


class GELUApprox:
    def forward(self, x):
        self.x = x
        self.t = np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x ** 3))
        return 0.5 * x * (1 + self.t)

    def backward(self, dout):
        inner = np.sqrt(2 / np.pi) * (1 + 3 * 0.044715 * self.x ** 2)
        return dout * (0.5 * (1 + self.t) + 0.5 * self.x * (1 - self.t ** 2) * inner)
