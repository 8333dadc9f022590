import numpy as np


def sigm(a):
    return 1.0 / (1.0 + np.exp(-a))


# trigrad: x: N D; h: N H; Wx: D 3*H; Wh: H 3*H; build: GRUCell(Wx, Wh)
class GRUCell:
    def __init__(self, Wx, Wh):
        self.Wx, self.Wh = Wx, Wh

    def forward(self, x, h):
        n = h.shape[1]
        self.x, self.h = x, h
        self.z = sigm(x @ self.Wx[:, :n] + h @ self.Wh[:, :n])
        self.r = sigm(x @ self.Wx[:, n:2 * n] + h @ self.Wh[:, n:2 * n])
        self.hh = np.tanh(x @ self.Wx[:, 2 * n:] + (self.r * h) @ self.Wh[:, 2 * n:])
        return (1 - self.z) * h + self.z * self.hh

    def backward(self, dnext):
        n = self.h.shape[1]
        Wz, Wr, Wn = self.Wh[:, :n], self.Wh[:, n:2 * n], self.Wh[:, 2 * n:]
        dh = dnext * (1 - self.z)
        dhh = dnext * self.z
        dz = dnext * self.hh - dnext * self.h
        dt = dhh * (1 - self.hh ** 2)
        dhr = dt @ Wn.T
        dWn = (self.r * self.h).T @ dt
        dh += self.r * dhr
        dr = self.h * dhr
        dtz = dz * self.z * (1 - self.z)
        dtr = dr * self.r * (1 - self.r)
        dh += dtz @ Wz.T + dtr @ Wr.T
        self.dWh = np.hstack([self.h.T @ dtz, self.h.T @ dtr, dWn])
        self.dWx = np.hstack([self.x.T @ dtz, self.x.T @ dtr, self.x.T @ dt])
        dx = dtz @ self.Wx[:, :n].T
        dx += dtr @ self.Wx[:, n:2 * n].T
        dx += dt @ self.Wx[:, 2 * n:].T
        return dx, dh
