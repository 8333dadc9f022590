import numpy as np


class DeepNet:
    """Sizes come from the data, the loss from scikit-learn."""

    def __init__(self, X, y, hidden=(6, 6), lr=0.1):
        sizes = [X.shape[0], *hidden, y.shape[0]]
        self.lr = lr
        self.parametres = {}
        for c in range(1, len(sizes)):
            self.parametres["W" + str(c)] = np.random.randn(sizes[c], sizes[c - 1])
            self.parametres["b" + str(c)] = np.random.randn(sizes[c], 1)

    def forward_propagation(self, X):
        activations = {"A0": X}
        for c in range(1, len(self.parametres) // 2 + 1):
            Z = self.parametres["W" + str(c)].dot(activations["A" + str(c - 1)])
            Z = Z + self.parametres["b" + str(c)]
            activations["A" + str(c)] = 1 / (1 + np.exp(-Z))
        return activations

    def back_propagation(self, y, activations):
        m = y.shape[1]
        last = len(self.parametres) // 2
        dZ = activations["A" + str(last)] - y
        gradients = {}
        for c in reversed(range(1, last + 1)):
            before = activations["A" + str(c - 1)]
            gradients["dW" + str(c)] = 1 / m * np.dot(dZ, before.T)
            gradients["db" + str(c)] = 1 / m * np.sum(dZ, axis=1, keepdims=True)  # WRONG: gradients["db" + str(c)] = np.sum(dZ, axis=1, keepdims=True)
            if c > 1:
                dZ = np.dot(self.parametres["W" + str(c)].T, dZ) * before * (1 - before)
        return gradients
