import numpy as np


class TimeLSTM:
    def __init__(self, Wx, Wh, b):
        self.Wx, self.Wh, self.b = Wx, Wh, b

    def forward(self, xs, h0):
        N, T, D = xs.shape
        H = h0.shape[1]
        self.xs, self.steps = xs, []
        h, c = h0, np.zeros((N, H))
        hs = np.empty((N, T, H))
        for t in range(T):
            a = xs[:, t] @ self.Wx + h @ self.Wh + self.b
            i, f, o = (1 / (1 + np.exp(-a[:, k * H:(k + 1) * H])) for k in range(3))
            g = np.tanh(a[:, 3 * H:])
            step = [h, c, i, f, o, g]
            c = f * c + i * g
            h = o * np.tanh(c)
            self.steps.append((*step, c))
            hs[:, t] = h
        return hs, h

    def backward(self, dhs, dh):
        N, T, H = dhs.shape
        dxs = np.empty_like(self.xs)
        self.dWx, self.dWh, self.db = 0, 0, 0
        dc = np.zeros((N, H))
        for t in reversed(range(T)):
            h_prev, c_prev, i, f, o, g, c = self.steps[t]
            dh = dh + dhs[:, t]  # WRONG: dh = dhs[:, t] + (dh if t < T - 1 else 0)
            tanh_c = np.tanh(c)
            dc = dc + dh * o * (1 - tanh_c ** 2)
            do = dh * tanh_c
            di, df, dg = dc * g, dc * c_prev, dc * i  # WRONG: df, di, dg = dc * g, dc * c_prev, dc * i
            da = np.hstack([di * i * (1 - i), df * f * (1 - f), do * o * (1 - o), dg * (1 - g ** 2)])
            self.dWx = self.dWx + self.xs[:, t].T @ da
            self.dWh = self.dWh + h_prev.T @ da
            self.db = self.db + da.sum(axis=0)
            dxs[:, t] = da @ self.Wx.T
            dh = da @ self.Wh.T
            dc = dc * f  # WRONG: dc = dc * i
        return dxs, dh
