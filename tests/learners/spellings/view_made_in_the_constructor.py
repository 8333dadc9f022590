import numpy as np


class Affine:
    def __init__(self, n_in, n_out):
        self.Wt = np.random.randn(n_out, n_in).T.copy().T
        self.W = self.Wt.T
        self.b = np.zeros(n_out)

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, dout):
        self.dW = self.x.T @ dout  # WRONG: self.dW = dout.T @ self.x
        self.db = dout.sum(axis=0)
        return dout @ self.Wt  # WRONG: return dout @ self.Wt * self.Wt.mean()


class MatMul:
    def __init__(self, input_size, output_size):
        self.params = [np.random.randn(input_size, output_size)]
        self.grads = [np.zeros((input_size, output_size))]
        self.turned = self.params[0].T

    def forward(self, x):
        (W,) = self.params
        self.x = x
        return x @ W

    def backward(self, dout):
        self.grads[0][...] = self.x.T @ dout  # WRONG: self.grads[0] += self.x.T @ dout
        return dout @ self.turned
