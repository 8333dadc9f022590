import numpy as np


def softmax(s):
    e = np.exp(s - s.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


# trigrad: q: N T D; k: N S D; v: N S E
class Attention:
    def forward(self, q, k, v):
        self.q, self.k, self.v = q, k, v
        self.scale = 1 / np.sqrt(q.shape[-1])
        self.a = softmax(q @ k.transpose(0, 2, 1) * self.scale)
        return self.a @ v

    def backward(self, dout):
        dv = self.a.transpose(0, 2, 1) @ dout
        da = dout @ self.v.transpose(0, 2, 1)
        ds = self.a * (da - (da * self.a).sum(axis=-1, keepdims=True))
        ds = ds * self.scale
        dq = ds @ self.k
        dk = ds.transpose(0, 2, 1) @ self.q
        return dq, dk, dv
