import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


class GRUCell:
    def __init__(self, Wz, Uz, Wr, Ur, Wh, Uh):
        self.Wz, self.Uz = Wz, Uz
        self.Wr, self.Ur = Wr, Ur
        self.Wh, self.Uh = Wh, Uh

    def forward(self, x, h_prev):
        self.x, self.h_prev = x, h_prev
        self.z = sigmoid(x @ self.Wz + h_prev @ self.Uz)
        self.r = sigmoid(x @ self.Wr + h_prev @ self.Ur)
        self.rh = self.r * h_prev
        self.n = np.tanh(x @ self.Wh + self.rh @ self.Uh)
        return self.z * h_prev + (1 - self.z) * self.n

    def backward(self, dh):
        dz = dh * (self.h_prev - self.n) * self.z * (1 - self.z)
        dn = dh * (1 - self.z) * (1 - self.n ** 2)
        drh = dn @ self.Uh.T
        dr = drh * self.h_prev * self.r * (1 - self.r)
        self.dWz, self.dUz = self.x.T @ dz, self.h_prev.T @ dz
        self.dWr, self.dUr = self.x.T @ dr, self.h_prev.T @ dr
        self.dWh, self.dUh = self.x.T @ dn, self.rh.T @ dn
        dx = dz @ self.Wz.T + dr @ self.Wr.T + dn @ self.Wh.T
        dh_prev = dh * self.z + drh * self.r + dz @ self.Uz.T + dr @ self.Ur.T
        return dx, dh_prev
