import numpy as np


class Momentum:
    def __init__(self):
        self.average = None

    def update(self, weight, gradient):
        if self.average is None:
            self.average = np.zeros_like(weight)
        self.average = 0.9 * self.average + 0.1 * gradient
        return weight - 0.01 * self.average


class Dense:
    def __init__(self, n_in, n_out):
        self.mean = {"W": np.zeros((n_in, n_out)), "b": np.zeros(n_out)}
        self.held = {"W": np.random.randn(n_in, n_out), "b": np.zeros(n_out)}
        self.optimizers = {"W": Momentum(), "b": Momentum()}

    def forward(self, x):
        self.x = x
        return x @ self.held["W"] + self.held["b"]

    def backward(self, dout):
        dx = dout @ self.held["W"].T  # WRONG: dx = dout @ self.held["W"].T + 1
        found = {"W": self.x.T @ dout, "b": dout.sum(axis=0)}  # WRONG: found = {"W": self.x.T @ dout, "b": dout.mean(axis=0)}
        for key in found:
            self.held[key] = self.optimizers[key].update(self.held[key], found[key])
        return dx
