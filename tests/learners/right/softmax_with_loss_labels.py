import numpy as np


def softmax(x):
    x = x - x.max(axis=-1, keepdims=True)
    e = np.exp(x)
    return e / e.sum(axis=-1, keepdims=True)


def cross_entropy_error(y, t):
    if y.ndim == 1:
        y = y.reshape(1, -1)
        t = np.reshape(t, (1, -1)) if np.ndim(t) == 1 else np.reshape(t, 1)
    n = y.shape[0]
    if t.ndim == 1:
        p = y[np.arange(n), t]
        return -np.sum(np.log(p + 1e-7)) / n
    return -np.sum(t * np.log(y + 1e-7)) / n


class SoftmaxWithLoss:
    def __init__(self):
        self.loss = None
        self.y = None
        self.t = None

    def forward(self, x, t):
        self.t = t
        self.y = softmax(x)
        self.loss = cross_entropy_error(self.y, self.t)
        return self.loss

    def backward(self, dout=1):
        batch_size = self.t.shape[0]
        if self.t.ndim == 1:  # labels
            dx = self.y.copy()
            dx[np.arange(batch_size), self.t] -= 1
        else:                 # one-hot
            dx = self.y - self.t
        return dout * dx / batch_size
