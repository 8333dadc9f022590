"""Section 4.5: one hidden layer with a sigmoid, no layer objects, probabilities from predict."""

import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def sigmoid_grad(x):
    return sigmoid(x) * (1.0 - sigmoid(x))


def softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def cross_entropy_error(y, t):
    return -np.sum(t * np.log(y + 1e-7)) / len(y)


class TwoLayerNet:
    def __init__(self, input_size, hidden_size, output_size, weight_init_std=0.01):
        self.params = {
            "W1": weight_init_std * np.random.randn(input_size, hidden_size),
            "b1": np.zeros(hidden_size),
            "W2": weight_init_std * np.random.randn(hidden_size, output_size),
            "b2": np.zeros(output_size),
        }

    def predict(self, x):
        p = self.params
        hidden = sigmoid(x @ p["W1"] + p["b1"])  # WRONG: hidden = x @ p["W1"] + p["b1"]
        return softmax(hidden @ p["W2"] + p["b2"])  # WRONG: return sigmoid(hidden @ p["W2"] + p["b2"])

    def loss(self, x, t):
        return cross_entropy_error(self.predict(x), t)

    def accuracy(self, x, t):
        return np.mean(self.predict(x).argmax(axis=1) == t.argmax(axis=1))

    def gradient(self, x, t):
        p, grads = self.params, {}
        a1 = x @ p["W1"] + p["b1"]
        z1 = sigmoid(a1)
        y = softmax(z1 @ p["W2"] + p["b2"])

        dy = (y - t) / len(x)  # WRONG: dy = y - t
        grads["W2"] = z1.T @ dy  # WRONG: grads["W2"] = a1.T @ dy
        grads["b2"] = dy.sum(axis=0)
        dz1 = sigmoid_grad(a1) * (dy @ p["W2"].T)  # WRONG: dz1 = sigmoid_grad(z1) * (dy @ p["W2"].T)
        grads["W1"] = x.T @ dz1
        grads["b1"] = dz1.sum(axis=0)  # WRONG: grads["b1"] = dz1.mean(axis=0)
        return grads
