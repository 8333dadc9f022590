import numpy as np


class Linear:
    def __init__(self, in_features, out_features, bias=True):
        self.weight = np.random.randn(out_features, in_features)
        self.bias = np.zeros(out_features)
        self.zero_grad()

    def zero_grad(self):
        self.weight_grad = np.zeros(self.weight.shape, self.weight.dtype)  # WRONG: self.weight_grad = getattr(self, "weight_grad", np.zeros_like(self.weight))
        self.bias_grad = np.zeros(self.bias.shape, self.bias.dtype)

    def forward(self, x):
        self.x = x
        return x @ self.weight.T + self.bias

    def backward(self, grad_output):
        self.weight_grad += grad_output.T @ self.x
        self.bias_grad += grad_output.sum(axis=0)  # WRONG: self.bias_grad += grad_output[0]
        return grad_output @ self.weight  # WRONG: return -grad_output @ self.weight
