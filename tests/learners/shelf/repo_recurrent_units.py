"""Recurrent cells as tutorials write them, each gate with matrices of its own."""
import numpy as np


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


class GRUUnit:
    def __init__(self, Wxz, Whz, bz, Wxr, Whr, br, Wxh, Whh, bh):
        self.Wxz, self.Whz, self.bz = Wxz, Whz, bz
        self.Wxr, self.Whr, self.br = Wxr, Whr, br
        self.Wxh, self.Whh, self.bh = Wxh, Whh, bh

    def forward(self, x_t, h_prev):
        self.x, self.h_prev = x_t, h_prev
        self.z = sigmoid(x_t @ self.Wxz + h_prev @ self.Whz + self.bz)
        self.r = sigmoid(x_t @ self.Wxr + h_prev @ self.Whr + self.br)
        self.hh = np.tanh(x_t @ self.Wxh + (self.r * h_prev) @ self.Whh + self.bh)
        return (1 - self.z) * h_prev + self.z * self.hh

    def backward(self, dh_next):
        x, h, z, r, hh = self.x, self.h_prev, self.z, self.r, self.hh
        da_h = dh_next * z * (1 - hh ** 2)
        da_z = dh_next * (hh - h) * z * (1 - z)
        drh = da_h @ self.Whh.T
        da_r = drh * h * r * (1 - r)
        self.dWxh, self.dWhh, self.dbh = x.T @ da_h, (r * h).T @ da_h, da_h.sum(0)
        self.dWxz, self.dWhz, self.dbz = x.T @ da_z, h.T @ da_z, da_z.sum(0)
        self.dWxr, self.dWhr, self.dbr = x.T @ da_r, h.T @ da_r, da_r.sum(0)
        dx = da_h @ self.Wxh.T + da_z @ self.Wxz.T + da_r @ self.Wxr.T
        dh = dh_next * (1 - z) + drh * r + da_z @ self.Whz.T + da_r @ self.Whr.T
        return dx, dh


def lstm_unit_forward(x, h_prev, c_prev, Wf, Wi, Wc, Wo, bf, bi, bc, bo):
    z = np.concatenate([h_prev, x], axis=1)
    f = sigmoid(z @ Wf + bf)
    i = sigmoid(z @ Wi + bi)
    g = np.tanh(z @ Wc + bc)
    o = sigmoid(z @ Wo + bo)
    c = f * c_prev + i * g
    h = o * np.tanh(c)
    return h, c, (z, f, i, g, o, c, c_prev, Wf, Wi, Wc, Wo, h_prev.shape[1])


def lstm_unit_backward(dh, dc, cache):
    z, f, i, g, o, c, c_prev, Wf, Wi, Wc, Wo, H = cache
    tc = np.tanh(c)
    do = dh * tc * o * (1 - o)
    dc = dc + dh * o * (1 - tc ** 2)
    df = dc * c_prev * f * (1 - f)
    di = dc * g * i * (1 - i)
    dg = dc * i * (1 - g ** 2)
    dz = df @ Wf.T + di @ Wi.T + dg @ Wc.T + do @ Wo.T
    grads = {
        "Wf": z.T @ df, "Wi": z.T @ di, "Wc": z.T @ dg, "Wo": z.T @ do,
        "bf": df.sum(0), "bi": di.sum(0), "bc": dg.sum(0), "bo": do.sum(0),
    }
    return dz[:, H:], dz[:, :H], dc * f, grads


class VanillaRNNLayer:
    """whole sequence, x: (N, T, D)"""

    def __init__(self, input_size, hidden_size):
        self.Wxh = np.random.randn(input_size, hidden_size) * 0.1
        self.Whh = np.random.randn(hidden_size, hidden_size) * 0.1
        self.bh = np.zeros(hidden_size)

    def forward(self, x):
        n, T, _ = x.shape
        self.x = x
        self.hs = np.zeros((T + 1, n, self.Whh.shape[0]))
        for t in range(T):
            self.hs[t + 1] = np.tanh(x[:, t] @ self.Wxh + self.hs[t] @ self.Whh + self.bh)
        return self.hs[1:].transpose(1, 0, 2)

    def backward(self, dout):
        self.dWxh, self.dWhh, self.dbh = (np.zeros_like(p) for p in (self.Wxh, self.Whh, self.bh))
        dx = np.zeros_like(self.x)
        carry = 0
        for t in reversed(range(dout.shape[1])):
            da = (dout[:, t] + carry) * (1 - self.hs[t + 1] ** 2)
            self.dWxh += self.x[:, t].T @ da
            self.dWhh += self.hs[t].T @ da
            self.dbh += da.sum(axis=0)
            dx[:, t] = da @ self.Wxh.T
            carry = da @ self.Whh.T
        return dx
