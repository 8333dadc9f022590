import numpy as np


class Module:
    def __call__(self, *args):
        return self.forward(*args)


# trigrad: x: N T D; g: D; b: D; build: LayerNorm(D)
class LayerNorm(Module):
    """Weights in a dictionary, made from the width."""

    def __init__(self, width, eps=1e-5):
        self.params = {"g": np.ones(width), "b": np.zeros(width)}
        self.grads = {}
        self.eps = eps

    def forward(self, x):
        mean = x.mean(-1, keepdims=True)
        self.std = np.sqrt(((x - mean) ** 2).mean(-1, keepdims=True) + self.eps)
        self.normed = (x - mean) / self.std
        return self.normed * self.params["g"] + self.params["b"]

    def backward(self, grad):
        self.grads["g"] = (grad * self.normed).sum((0, 1))
        self.grads["b"] = grad.sum((0, 1))
        inner = grad * self.params["g"]
        inner = inner - inner.mean(-1, keepdims=True)
        inner = inner - self.normed * (inner * self.normed).mean(-1, keepdims=True)
        return inner / self.std
