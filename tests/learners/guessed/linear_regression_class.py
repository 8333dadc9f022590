import numpy as np


class LinearRegression:
    def __init__(self, n_features, l2=0.0):
        self.l2 = l2
        self.weights = np.random.randn(n_features)
        self.bias = np.zeros(1)

    def predict(self, X):
        return X @ self.weights + self.bias

    def cost(self, X, y):
        r = self.predict(X) - y
        return (r @ r + self.l2 * self.weights @ self.weights) / (2 * len(y))

    def compute_gradients(self, X, y):
        r = self.predict(X) - y
        grad_w = (X.T @ r + self.l2 * self.weights) / len(y)  # WRONG: grad_w = X.T @ r / len(y)
        grad_b = np.array([r.mean()])
        return grad_w, grad_b
