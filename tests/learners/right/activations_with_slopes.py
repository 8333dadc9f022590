# 활성화 함수 모음 (activations I tried instead of ReLU)
import numpy as np


class LeakyReLU:
    def __init__(self, negative_slope=0.2):
        self.negative_slope = negative_slope
        self.mask = None

    def forward(self, x):
        self.mask = x > 0
        return np.where(self.mask, x, self.negative_slope * x)

    def backward(self, dout):
        dx = dout.copy()
        dx[~self.mask] *= self.negative_slope
        return dx


class ELU:
    def __init__(self, alpha):
        self.alpha = alpha

    def forward(self, x):
        self.x = x
        self.y = np.where(x >= 0, x, self.alpha * (np.exp(np.minimum(x, 0)) - 1))
        return self.y

    def backward(self, dy):
        return dy * np.where(self.x >= 0, 1.0, self.y + self.alpha)


class SELU:
    lam = 1.0507
    alpha = 1.67326

    def forward(self, x):
        self.x = x
        neg = self.alpha * np.expm1(np.minimum(x, 0))
        return self.lam * np.where(x > 0, x, neg)

    def backward(self, grad):
        slope = np.where(self.x > 0, 1, self.alpha * np.exp(np.minimum(self.x, 0)))
        return grad * self.lam * slope


class Swish:
    def __init__(self, beta=1.5):
        self.beta = beta

    def forward(self, x):
        self.x = x
        self.sig = 1 / (1 + np.exp(-self.beta * x))
        return x * self.sig

    def backward(self, dout):
        return dout * (self.sig + self.beta * self.x * self.sig * (1 - self.sig))
