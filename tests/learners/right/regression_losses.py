# 回归用的损失函数 (losses for regression), four people's ways
import numpy as np


class MSE:
    def forward(self, y, t):
        self.y = y
        self.t = t
        return np.mean((y - t) ** 2)

    def backward(self, dout=1):
        return dout * 2 * (self.y - self.t) / self.y.size


class MSELoss:
    def __call__(self, y_true, y_pred):
        return self.forward(y_true, y_pred)

    def forward(self, y_true, y_pred):
        self.error = y_true - y_pred
        return np.square(self.error).mean()

    def backward(self):
        return -2 * self.error / self.error.size


class SumSquaredError:
    """E = 1/2 sum (y - t)^2, divided by the batch"""

    def forward(self, out, target):
        self.diff = out - target
        self.m = out.shape[0]
        return 0.5 * np.sum(self.diff ** 2) / self.m

    def backward(self, dout=1.0):
        return dout * self.diff / self.m


class L1Loss:
    def forward(self, prediction, target):
        self.sign = np.sign(prediction - target)
        return np.abs(prediction - target).mean()

    def backward(self):
        return self.sign / self.sign.size


def mean_squared_error(y, t):
    return 0.5 * np.sum((y - t) ** 2)
