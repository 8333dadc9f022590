"""Parts of a transformer, written with einsum and swapaxes."""
import numpy as np


class Linear:
    def __init__(self, d_in, d_out, rng=np.random.default_rng(0)):
        self.w = rng.standard_normal((d_in, d_out)) / np.sqrt(d_in)
        self.b = np.zeros(d_out)
        self.grads = {}

    def forward(self, x):
        self.x = x
        return x @ self.w + self.b

    def backward(self, dout):
        flat = self.x.reshape(-1, self.x.shape[-1])
        dflat = dout.reshape(-1, dout.shape[-1])
        self.grads = {"w": flat.T @ dflat, "b": dflat.sum(axis=0)}
        return dout @ self.w.T


class LayerNorm:
    def __init__(self, dim, eps=1e-5):
        self.gamma = np.ones(dim)
        self.beta = np.zeros(dim)
        self.eps = eps

    def forward(self, x):
        mean = x.mean(axis=-1, keepdims=True)
        var = x.var(axis=-1, keepdims=True)
        self.inv = 1.0 / np.sqrt(var + self.eps)
        self.xhat = (x - mean) * self.inv
        return self.gamma * self.xhat + self.beta

    def backward(self, dout):
        axes = tuple(range(dout.ndim - 1))
        self.dgamma = (dout * self.xhat).sum(axis=axes)
        self.dbeta = dout.sum(axis=axes)
        d = dout * self.gamma
        return self.inv * (d - d.mean(-1, keepdims=True) - self.xhat * (d * self.xhat).mean(-1, keepdims=True))


class MultiHeadSelfAttention:
    def __init__(self, embed_dim, num_heads):
        assert embed_dim % num_heads == 0
        self.h = num_heads
        self.d = embed_dim // num_heads
        self.W_q = np.random.randn(embed_dim, embed_dim) * 0.1
        self.W_k = np.random.randn(embed_dim, embed_dim) * 0.1
        self.W_v = np.random.randn(embed_dim, embed_dim) * 0.1
        self.W_o = np.random.randn(embed_dim, embed_dim) * 0.1

    def _heads(self, x):
        b, t, _ = x.shape
        return x.reshape(b, t, self.h, self.d).swapaxes(1, 2)

    def _join(self, x):
        b, h, t, d = x.shape
        return x.swapaxes(1, 2).reshape(b, t, h * d)

    def forward(self, x):
        self.x = x
        self.q, self.k, self.v = (self._heads(x @ w) for w in (self.W_q, self.W_k, self.W_v))
        s = np.einsum("bhid,bhjd->bhij", self.q, self.k) / np.sqrt(self.d)
        s = s - s.max(axis=-1, keepdims=True)
        e = np.exp(s)
        self.p = e / e.sum(axis=-1, keepdims=True)
        self.ctx = self._join(self.p @ self.v)
        return self.ctx @ self.W_o

    def backward(self, dout):
        outer = lambda a, g: np.einsum("bti,btj->ij", a, g)
        self.dW_o = outer(self.ctx, dout)
        dctx = self._heads(dout @ self.W_o.T)
        dp = dctx @ self.v.swapaxes(-1, -2)
        dv = self.p.swapaxes(-1, -2) @ dctx
        ds = self.p * (dp - (dp * self.p).sum(-1, keepdims=True)) / np.sqrt(self.d)
        dq, dk, dv = self._join(ds @ self.k), self._join(ds.swapaxes(-1, -2) @ self.q), self._join(dv)
        self.dW_q, self.dW_k, self.dW_v = outer(self.x, dq), outer(self.x, dk), outer(self.x, dv)
        return dq @ self.W_q.T + dk @ self.W_k.T + dv @ self.W_v.T


class TokenEmbedding:
    def __init__(self, vocab_size, embed_dim):
        self.weight = np.random.randn(vocab_size, embed_dim) * 0.02

    def forward(self, ids):
        self.ids = ids
        return self.weight[ids]

    def backward(self, dout):
        self.dweight = np.zeros_like(self.weight)
        np.add.at(self.dweight, self.ids, dout)
        return None


class GatedLinearUnit:
    """first half times sigmoid of the second half"""

    def forward(self, x):
        self.a, z = np.split(x, 2, axis=-1)
        self.g = 1 / (1 + np.exp(-z))
        return self.a * self.g

    def backward(self, dout):
        return np.concatenate([dout * self.g, dout * self.a * self.g * (1 - self.g)], axis=-1)
