import numpy as np


# trigrad: xs: N T D; h0: N H; U: D H; V: H H; b: H
class TimeRNN:
    def __init__(self, U, V, b):
        self.U, self.V, self.b = U, V, b

    def forward(self, xs, h0):
        N, T, D = xs.shape
        self.xs = xs
        self.hs = [h0]
        for t in range(T):
            self.hs.append(np.tanh(xs[:, t] @ self.U + self.hs[-1] @ self.V + self.b))
        return np.stack(self.hs[1:], axis=1)

    def backward(self, dhs):
        T = dhs.shape[1]
        dU, dV, db = np.zeros_like(self.U), np.zeros_like(self.V), np.zeros_like(self.b)
        dxs = np.empty_like(self.xs)
        dh = 0
        for t in reversed(range(T)):
            da = (dhs[:, t] + dh) * (1 - self.hs[t + 1] ** 2)
            dU += self.xs[:, t].T @ da
            dV += self.hs[t].T @ da
            db += da.sum(0)
            dxs[:, t] = da @ self.U.T
            dh = da @ self.V.T
        self.grads = {"U": dU, "V": dV, "b": db}
        return dxs, dh
