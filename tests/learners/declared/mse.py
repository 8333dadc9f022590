import numpy as np


# trigrad: y_pred: N M; y_true: fixed N M
class MSELoss:
    def forward(self, y_pred, y_true):
        self.y_pred, self.y_true = y_pred, y_true
        return np.mean((y_true - y_pred) ** 2)

    def backward(self):
        return 2 * (self.y_pred - self.y_true) / self.y_pred.size
