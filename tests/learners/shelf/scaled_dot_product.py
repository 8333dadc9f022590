import numpy as np


class ScaledDotProductAttention:
    """
    Q: (N, T, d)  K: (N, S, d)  V: (N, S, dv)
    """

    def forward(self, Q, K, V):
        self.Q, self.K, self.V = Q, K, V
        self.d = Q.shape[-1]
        scores = Q @ K.transpose(0, 2, 1) / np.sqrt(self.d)
        scores = scores - scores.max(axis=-1, keepdims=True)
        e = np.exp(scores)
        self.A = e / e.sum(axis=-1, keepdims=True)
        return self.A @ V

    def backward(self, dout):
        dV = self.A.transpose(0, 2, 1) @ dout
        dA = dout @ self.V.transpose(0, 2, 1)
        dS = self.A * (dA - np.sum(dA * self.A, axis=-1, keepdims=True))
        dS = dS / np.sqrt(self.d)
        dQ = dS @ self.K
        dK = dS.transpose(0, 2, 1) @ self.Q
        return dQ, dK, dV


class LayerNorm:
    def __init__(self, gamma, beta, eps=1e-5):
        self.gamma = gamma
        self.beta = beta
        self.eps = eps

    def forward(self, x):
        mu = x.mean(axis=-1, keepdims=True)
        var = x.var(axis=-1, keepdims=True)
        self.inv = 1.0 / np.sqrt(var + self.eps)
        self.xhat = (x - mu) * self.inv
        return self.gamma * self.xhat + self.beta

    def backward(self, dout):
        axes = tuple(range(dout.ndim - 1))
        self.dgamma = np.sum(dout * self.xhat, axis=axes)
        self.dbeta = np.sum(dout, axis=axes)
        g = dout * self.gamma
        m1 = g.mean(axis=-1, keepdims=True)
        m2 = (g * self.xhat).mean(axis=-1, keepdims=True)
        return self.inv * (g - m1 - self.xhat * m2)
