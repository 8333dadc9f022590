import numpy as np


class Dense:
    def __init__(self, n_in, n_out):
        self.W = np.random.randn(n_out, n_in)
        self.b = np.zeros(n_out)

    def forward(self, x):
        self.x = x
        return self.W @ x + self.b

    def backward(self, delta):
        self.dW = np.outer(delta, self.x)  # WRONG: self.dW = np.outer(delta, self.x[::-1])
        self.db = delta
        return self.W.T @ delta
