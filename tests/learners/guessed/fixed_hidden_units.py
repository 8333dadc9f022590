import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


class NeuralNetwork:
    def __init__(self, n_features):
        self.w1 = np.random.randn(n_features, 10)
        self.b1 = np.zeros((1, 10))
        self.w2 = np.random.randn(10, 1)
        self.b2 = np.zeros((1, 1))

    def forward(self, X):
        self.z1 = X @ self.w1 + self.b1
        self.a1 = sigmoid(self.z1)
        self.a2 = sigmoid(self.a1 @ self.w2 + self.b2)
        return self.a2

    def compute_loss(self, y, y_hat):
        return -np.mean(y * np.log(y_hat) + (1 - y) * np.log(1 - y_hat))

    def backprop(self, X, y):
        m = y.size
        y_hat = self.forward(X)
        dz2 = y_hat - y.reshape(-1, 1)
        dw2 = self.a1.T @ dz2 / m
        db2 = np.sum(dz2, axis=0) / m
        dz1 = dz2 @ self.w2.T * self.a1 * (1 - self.a1)  # WRONG: dz1 = dz2 @ self.w2.T * self.z1 * (1 - self.z1)
        dw1 = X.T @ dz1 / m
        db1 = np.sum(dz1, axis=0) / m
        return dw1, db1, dw2, db2
