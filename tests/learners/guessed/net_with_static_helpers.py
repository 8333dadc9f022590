import numpy as np


class Net:
    def __init__(self, layers):
        self.weights = []
        self.biases = []
        for i in range(len(layers) - 1):
            self.weights.append(np.random.randn(layers[i], layers[i + 1]))
            self.biases.append(np.zeros((1, layers[i + 1])))

    @staticmethod
    def sigmoid(x):
        return 1 / (1 + np.exp(-x))

    def forward(self, X):
        self.activations = [X]
        for W, b in zip(self.weights, self.biases):
            self.activations.append(self.sigmoid(self.activations[-1] @ W + b))
        return self.activations[-1]

    def loss(self, y_pred, y):
        return 0.5 * np.sum((y_pred - y) ** 2)

    def backward(self, y):
        dW, db = [], []
        out = self.activations[-1]
        delta = (out - y) * out * (1 - out)  # WRONG: delta = out - y
        for i in reversed(range(len(self.weights))):
            a = self.activations[i]
            dW.insert(0, a.T @ delta)
            db.insert(0, delta.sum(axis=0, keepdims=True))
            delta = delta @ self.weights[i].T * a * (1 - a)
        return dW, db
