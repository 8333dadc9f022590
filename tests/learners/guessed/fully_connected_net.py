import numpy as np


def affine_forward(x, w, b):
    out = x.reshape(x.shape[0], -1) @ w + b
    return out, (x, w, b)


def affine_backward(dout, cache):
    x, w, b = cache
    dx = (dout @ w.T).reshape(x.shape)
    dw = x.reshape(x.shape[0], -1).T @ dout
    return dx, dw, dout.sum(axis=0)


def softmax_loss(x, y):
    z = x - x.max(axis=1, keepdims=True)
    logp = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    n = x.shape[0]
    loss = -logp[np.arange(n), y].mean()
    dx = np.exp(logp)
    dx[np.arange(n), y] -= 1
    return loss, dx / n


class FullyConnectedNet:
    """Any number of hidden layers, ReLU between them."""

    def __init__(self, hidden_dims, input_dim=3 * 32 * 32, num_classes=10, reg=0.0, weight_scale=1e-2):
        self.reg = reg
        self.num_layers = 1 + len(hidden_dims)
        self.params = {}
        dims = [input_dim, *hidden_dims, num_classes]
        for i in range(self.num_layers):
            self.params[f"W{i + 1}"] = weight_scale * np.random.randn(dims[i], dims[i + 1])
            self.params[f"b{i + 1}"] = np.zeros(dims[i + 1])

    def loss(self, X, y=None):
        h, caches = X, []
        for i in range(1, self.num_layers + 1):
            a, cache = affine_forward(h, self.params[f"W{i}"], self.params[f"b{i}"])
            caches.append((cache, a))
            h = np.maximum(a, 0) if i < self.num_layers else a
        if y is None:
            return h
        loss, dout = softmax_loss(h, y)
        grads = {}
        for i in range(self.num_layers, 0, -1):
            cache, a = caches[i - 1]
            if i < self.num_layers:
                dout = dout * (a > 0)  # WRONG: pass
            dout, grads[f"W{i}"], grads[f"b{i}"] = affine_backward(dout, cache)
            loss += 0.5 * self.reg * np.sum(self.params[f"W{i}"] ** 2)
            grads[f"W{i}"] += self.reg * self.params[f"W{i}"]  # WRONG: grads[f"W{i}"] += 2 * self.reg * self.params[f"W{i}"]
        return loss, grads
