import numpy as np


class CrossEntropyLoss:
    def forward(self, logits, targets):
        z = logits - logits.max(1, keepdims=True)
        self.p = np.exp(z) / np.exp(z).sum(1, keepdims=True)
        self.t = targets
        n = logits.shape[0]
        return -np.log(self.p[np.arange(n), targets]).mean()

    def backward(self):
        n = self.p.shape[0]
        d = self.p.copy()
        d[np.arange(n), self.t] -= 1
        return d / n


class LabelSmoothingLoss:
    def __init__(self, smoothing=0.1):
        self.s = smoothing

    def forward(self, logits, labels):
        n, c = logits.shape
        z = logits - logits.max(axis=1, keepdims=True)
        logp = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
        self.q = np.full((n, c), self.s / c)
        self.q[np.arange(n), labels] += 1 - self.s
        self.p = np.exp(logp)
        return -(self.q * logp).sum() / n

    def backward(self):
        return (self.p - self.q) / self.p.shape[0]


class FocalLoss:
    def __init__(self, gamma=2.0):
        self.gamma = gamma

    def forward(self, y_pred, y_true):
        self.p, self.y = y_pred, y_true
        pt = np.where(y_true == 1, y_pred, 1 - y_pred)
        return np.mean(-((1 - pt) ** self.gamma) * np.log(pt))

    def backward(self):
        pt = np.where(self.y == 1, self.p, 1 - self.p)
        d = self.gamma * (1 - pt) ** (self.gamma - 1) * np.log(pt) - (1 - pt) ** self.gamma / pt
        return d * np.where(self.y == 1, 1, -1) / self.p.size


class LogCoshLoss:
    def forward(self, pred, target):
        self.d = pred - target
        return np.mean(np.log(np.cosh(self.d)))

    def backward(self):
        return np.tanh(self.d) / self.d.size


class TripletLoss:
    def __init__(self, margin=1.0):
        self.margin = margin

    def forward(self, anchor, positive, negative):
        self.a, self.p, self.n = anchor, positive, negative
        d = ((anchor - positive) ** 2).sum(1) - ((anchor - negative) ** 2).sum(1) + self.margin
        self.active = (d > 0)[:, None]
        return np.maximum(d, 0).mean()

    def backward(self):
        n = self.a.shape[0]
        da = 2 * (self.n - self.p) * self.active / n
        dp = -2 * (self.a - self.p) * self.active / n
        dn = 2 * (self.a - self.n) * self.active / n
        return da, dp, dn


class KLDivLoss:
    """between two distributions, both as probabilities"""

    def forward(self, p, q):
        self.p, self.q = p, q
        return np.sum(p * (np.log(p) - np.log(q))) / p.shape[0]

    def backward(self):
        n = self.p.shape[0]
        return (np.log(self.p) - np.log(self.q) + 1) / n, -self.p / self.q / n
