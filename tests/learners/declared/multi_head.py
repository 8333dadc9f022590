import numpy as np


# trigrad: x: N T D; wq, wk, wv, wo: D D; build: SelfAttention(wq, wk, wv, wo, heads=2)
class SelfAttention:
    def __init__(self, wq, wk, wv, wo, heads):
        self.p = {"wq": wq, "wk": wk, "wv": wv, "wo": wo}
        self.g = {}
        self.heads = heads

    def split(self, y):
        n, t, d = y.shape
        return y.reshape(n, t, self.heads, d // self.heads).swapaxes(1, 2)

    def join(self, y):
        n, h, t, d = y.shape
        return y.swapaxes(1, 2).reshape(n, t, h * d)

    def forward(self, x):
        self.x = x
        self.q = self.split(x @ self.p["wq"])
        self.k = self.split(x @ self.p["wk"])
        self.v = self.split(x @ self.p["wv"])
        s = np.einsum("nhtd,nhsd->nhts", self.q, self.k) / np.sqrt(self.q.shape[-1])
        e = np.exp(s - np.max(s, axis=-1, keepdims=True))
        self.a = e / np.sum(e, axis=-1, keepdims=True)
        self.y = self.join(np.einsum("nhts,nhsd->nhtd", self.a, self.v))
        return self.y @ self.p["wo"]

    def backward(self, dout):
        self.g["wo"] = np.einsum("nti,ntj->ij", self.y, dout)
        dy = self.split(dout @ self.p["wo"].T)
        da = np.einsum("nhtd,nhsd->nhts", dy, self.v)
        dv = np.einsum("nhts,nhtd->nhsd", self.a, dy)
        ds = self.a * (da - np.sum(da * self.a, axis=-1, keepdims=True))
        ds /= np.sqrt(self.q.shape[-1])
        dq = self.join(np.einsum("nhts,nhsd->nhtd", ds, self.k))
        dk = self.join(np.einsum("nhts,nhtd->nhsd", ds, self.q))
        dv = self.join(dv)
        self.g["wq"] = np.einsum("nti,ntj->ij", self.x, dq)
        self.g["wk"] = np.einsum("nti,ntj->ij", self.x, dk)
        self.g["wv"] = np.einsum("nti,ntj->ij", self.x, dv)
        return dq @ self.p["wq"].T + dk @ self.p["wk"].T + dv @ self.p["wv"].T
