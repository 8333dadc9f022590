# two classes: the book's second volume, a clipped one, one with eps, and one of logits
import numpy as np


def cross_entropy_error(y, t):
    if y.ndim == 1:
        t = t.reshape(1, t.size)
        y = y.reshape(1, y.size)

    # one-hot から正解ラベルのインデックスに変換
    if t.size == y.size:
        t = t.argmax(axis=1)

    batch_size = y.shape[0]
    return -np.sum(np.log(y[np.arange(batch_size), t] + 1e-7)) / batch_size


class SigmoidWithLoss:
    def __init__(self):
        self.params, self.grads = [], []
        self.loss = None
        self.y = None
        self.t = None

    def forward(self, x, t):
        self.t = t
        self.y = 1 / (1 + np.exp(-x))
        self.loss = cross_entropy_error(np.c_[1 - self.y, self.y], self.t)
        return self.loss

    def backward(self, dout=1):
        batch_size = self.t.shape[0]
        dx = (self.y - self.t) * dout / batch_size
        return dx


class BCELoss:
    def forward(self, y_pred, y_true):
        self.p = np.clip(y_pred, 1e-7, 1 - 1e-7)
        self.t = y_true
        return np.mean(-y_true * np.log(self.p) - (1 - y_true) * np.log(1 - self.p))

    def backward(self):
        n = self.t.size
        return ((1 - self.t) / (1 - self.p) - self.t / self.p) / n


class BinaryCrossEntropy:
    eps = 1e-9

    def __call__(self, t, y):
        return self.forward(t, y)

    def forward(self, t, y):
        self.t, self.y = t, y
        total = t * np.log(y + self.eps) + (1 - t) * np.log(1 - y + self.eps)
        return -total.sum() / len(t)

    def backward(self):
        return (self.y - self.t) / (self.y * (1 - self.y) + self.eps) / len(self.t)


class BCEWithLogits:
    def forward(self, logits, targets):
        self.logits, self.targets = logits, targets
        stable = np.maximum(logits, 0) - logits * targets + np.log1p(np.exp(-np.abs(logits)))
        return stable.mean()

    def backward(self, dout=1.0):
        p = 1 / (1 + np.exp(-self.logits))
        return dout * (p - self.targets) / p.size
