"""Layers of a small library of its own."""
import numpy as np


class Module:
    def __init__(self):
        self.params = {}
        self.grads = {}

    def __call__(self, *args):
        return self.forward(*args)


class Dense(Module):
    def __init__(self, n_in, n_out, activation="relu"):
        super().__init__()
        self.params["W"] = np.random.randn(n_in, n_out) * np.sqrt(2 / n_in)
        self.params["b"] = np.zeros((1, n_out))
        self.activation = activation

    def forward(self, x):
        self.x = x
        self.z = x @ self.params["W"] + self.params["b"]
        return np.maximum(self.z, 0) if self.activation == "relu" else np.tanh(self.z)

    def backward(self, grad):
        if self.activation == "relu":
            grad = grad * (self.z > 0)
        else:
            grad = grad * (1 - np.tanh(self.z) ** 2)
        self.grads["W"] = self.x.T @ grad
        self.grads["b"] = grad.sum(axis=0, keepdims=True)
        return grad @ self.params["W"].T


class Conv1D(Module):
    def __init__(self, in_channels, out_channels, kernel_size):
        super().__init__()
        self.k = kernel_size
        self.params["W"] = np.random.randn(out_channels, in_channels, kernel_size) * 0.1
        self.params["b"] = np.zeros(out_channels)

    def forward(self, x):
        self.x = x
        L = x.shape[2] - self.k + 1
        out = sum(np.einsum("ncl,fc->nfl", x[:, :, i:i + L], self.params["W"][:, :, i]) for i in range(self.k))
        return out + self.params["b"][None, :, None]

    def backward(self, grad):
        L = grad.shape[2]
        dx = np.zeros_like(self.x)
        dW = np.zeros_like(self.params["W"])
        for i in range(self.k):
            dW[:, :, i] = np.einsum("nfl,ncl->fc", grad, self.x[:, :, i:i + L])
            dx[:, :, i:i + L] += np.einsum("nfl,fc->ncl", grad, self.params["W"][:, :, i])
        self.grads = {"W": dW, "b": grad.sum(axis=(0, 2))}
        return dx


class DepthwiseConv(Module):
    def __init__(self, channels, kernel_size=3):
        super().__init__()
        self.k = kernel_size
        self.params["W"] = np.random.randn(channels, kernel_size, kernel_size) * 0.1

    def forward(self, x):
        self.x = x
        n, c, h, w = x.shape
        oh, ow = h - self.k + 1, w - self.k + 1
        out = np.zeros((n, c, oh, ow))
        for i in range(self.k):
            for j in range(self.k):
                out += x[:, :, i:i + oh, j:j + ow] * self.params["W"][None, :, i, j, None, None]
        return out

    def backward(self, grad):
        n, c, oh, ow = grad.shape
        dx, dW = np.zeros_like(self.x), np.zeros_like(self.params["W"])
        for i in range(self.k):
            for j in range(self.k):
                dW[:, i, j] = (grad * self.x[:, :, i:i + oh, j:j + ow]).sum(axis=(0, 2, 3))
                dx[:, :, i:i + oh, j:j + ow] += grad * self.params["W"][None, :, i, j, None, None]
        self.grads["W"] = dW
        return dx


class BatchNorm2d(Module):
    def __init__(self, num_features, momentum=0.1, eps=1e-5):
        super().__init__()
        self.gamma = np.ones((1, num_features, 1, 1))
        self.beta = np.zeros((1, num_features, 1, 1))
        self.running_mean = np.zeros((1, num_features, 1, 1))
        self.running_var = np.ones((1, num_features, 1, 1))
        self.momentum, self.eps, self.training = momentum, eps, True

    def forward(self, x):
        if self.training:
            mu, var = x.mean((0, 2, 3), keepdims=True), x.var((0, 2, 3), keepdims=True)
            self.running_mean = (1 - self.momentum) * self.running_mean + self.momentum * mu
            self.running_var = (1 - self.momentum) * self.running_var + self.momentum * var
        else:
            mu, var = self.running_mean, self.running_var
        self.std = np.sqrt(var + self.eps)
        self.xhat = (x - mu) / self.std
        return self.gamma * self.xhat + self.beta

    def backward(self, grad):
        self.dgamma = (grad * self.xhat).sum((0, 2, 3), keepdims=True)
        self.dbeta = grad.sum((0, 2, 3), keepdims=True)
        g = grad * self.gamma
        m = g.mean((0, 2, 3), keepdims=True)
        p = (g * self.xhat).mean((0, 2, 3), keepdims=True)
        return (g - m - self.xhat * p) / self.std


class SpatialDropout(Module):
    def __init__(self, drop_prob=0.3, seed=0):
        super().__init__()
        self.drop_prob = drop_prob
        self.rng = np.random.RandomState(seed)

    def forward(self, x):
        self.mask = (self.rng.rand(x.shape[0], x.shape[1], 1, 1) >= self.drop_prob) / (1 - self.drop_prob)
        return x * self.mask

    def backward(self, grad):
        return grad * self.mask


class PReLU(Module):
    def __init__(self, a):
        super().__init__()
        self.a = a

    def forward(self, x):
        self.x = x
        return np.where(x > 0, x, self.a * x)

    def backward(self, grad):
        self.da = (grad * np.minimum(self.x, 0)).sum(axis=0)
        return grad * np.where(self.x > 0, 1, self.a)


class Maxout(Module):
    """the larger of two halves"""

    def forward(self, x):
        a, b = np.split(x, 2, axis=1)
        self.m = a >= b
        return np.where(self.m, a, b)

    def backward(self, grad):
        return np.concatenate([grad * self.m, grad * ~self.m], axis=1)
