import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def feed_forward(X, weights):
    a1 = sigmoid(np.dot(X, weights["w1"]) + weights["b1"])
    a2 = sigmoid(np.dot(a1, weights["w2"]) + weights["b2"])
    return {"a1": a1, "a2": a2}


def backprop(X, y, weights, cache):
    a1, a2 = cache["a1"], cache["a2"]
    delta2 = (a2 - y) * a2 * (1 - a2)
    delta1 = np.dot(delta2, weights["w2"].T) * a1 * (1 - a1)  # WRONG: delta1 = np.dot(delta2, weights["w2"].T) * (1 - a1)
    return {
        "w2": np.dot(a1.T, delta2),
        "b2": np.sum(delta2, axis=0),
        "w1": np.dot(X.T, delta1),  # WRONG: "w1": np.dot(X.T, delta1) / len(X),
        "b1": np.sum(delta1, axis=0),
    }
