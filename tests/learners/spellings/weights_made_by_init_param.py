import numpy as np


class FullyConnectedLayer:
    def __init__(self, num_input, num_output):
        self.num_input, self.num_output = num_input, num_output

    def init_param(self, std=0.01):
        self.weight = std * np.random.randn(self.num_input, self.num_output)
        self.bias = np.zeros([1, self.num_output])

    def forward(self, bottom):
        self.bottom = bottom
        return bottom @ self.weight + self.bias

    def backward(self, top_diff):
        self.d_weight = self.bottom.T @ top_diff  # WRONG: self.d_weight = self.bottom.T @ top_diff / 2
        self.d_bias = top_diff.sum(axis=0, keepdims=True)
        return top_diff @ self.weight.T


class SoftmaxCrossEntropy:
    def forward(self, y_pred, y_true):
        e = np.exp(y_pred - y_pred.max(axis=1, keepdims=True))
        self.p = e / e.sum(axis=1, keepdims=True)
        return -np.mean(np.sum(y_true * np.log(self.p), axis=1))

    def backward(self, y_pred, y_true):
        return (self.p - y_true) / len(y_true)  # WRONG: return self.p - y_true
