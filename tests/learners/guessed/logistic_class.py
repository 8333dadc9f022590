import numpy as np


class LogisticRegression:
    def __init__(self, n_features):
        self.w = np.zeros(n_features)
        self.b = np.zeros(1)

    def predict_proba(self, X):
        return 1 / (1 + np.exp(-(X @ self.w + self.b)))

    def loss(self, X, y):
        p = self.predict_proba(X)
        return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))

    def gradient(self, X, y):
        p = self.predict_proba(X)
        dw = X.T @ (p - y) / len(y)
        db = np.array([np.mean(p - y)])  # WRONG: db = np.array([np.sum(p - y)])
        return dw, db
