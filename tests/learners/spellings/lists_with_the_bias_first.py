import numpy as np


class Affine:
    def __init__(self, n_in, n_out):
        self.grads = [[np.zeros(n_out)], [np.zeros((n_in, n_out))]]
        self.params = [[np.zeros(n_out)], [np.random.randn(n_in, n_out)]]

    def forward(self, x):
        self.x = x
        return x @ self.params[1][0] + self.params[0][0]

    def backward(self, dout):
        self.grads[0][0] = dout.sum(axis=0)
        self.grads[1][0] = self.x.T @ dout  # WRONG: self.grads[1][0] = self.x.T @ dout / len(dout)
        return dout @ self.params[1][0].T
