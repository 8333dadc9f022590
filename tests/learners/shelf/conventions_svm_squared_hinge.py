import numpy as np


def squared_hinge_loss(scores, y):
    n = len(y)
    correct = scores[np.arange(n), y][:, None]
    margin = np.maximum(0, scores - correct + 1)
    margin[np.arange(n), y] = 0
    loss = np.sum(margin ** 2) / n
    d = 2 * margin
    d[np.arange(n), y] = -d.sum(axis=1)
    return loss, d / n


class hinge_loss:
    """y is -1 or +1"""

    def forward(self, score, y):
        self.y = y
        self.m = 1 - y * score
        return np.maximum(0, self.m).mean()

    def backward(self):
        return np.where(self.m > 0, -self.y, 0) / self.y.size
