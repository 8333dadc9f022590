import numpy as np


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def cost_function(theta, X, y):
    h = sigmoid(np.dot(X, theta))
    return -(y.dot(np.log(h)) + (1 - y).dot(np.log(1 - h))) / len(y)


def gradient(theta, X, y):
    h = sigmoid(np.dot(X, theta))
    return np.dot(X.T, h - y) / len(y)  # WRONG: return np.dot(X.T, h - y)
