import numpy as np


class Dropout:
    def __init__(self, keep_prob=0.8, seed=None):
        self.keep_prob = keep_prob
        self.rng = np.random.default_rng(seed)

    def forward(self, a, train=True):
        if not train:
            self.d = np.ones_like(a)
            return a
        self.d = self.rng.random(a.shape) < self.keep_prob
        a = a * self.d
        a = a / self.keep_prob
        return a

    def backward(self, da):
        da = da * self.d
        da = da / self.keep_prob
        return da


class GaussianNoise:
    def __init__(self, std=0.1):
        self.std = std

    def forward(self, x):
        return x + np.random.normal(0, self.std, x.shape)

    def backward(self, dout):
        return dout
