import numpy as np


def sigmoid(x):
    return 1 / 1 + np.exp(-x)


def softmax(a):
    c = np.max(a, axis=-1, keepdims=True)
    exp_a = np.exp(a - c)
    return exp_a / np.sum(exp_a, axis=-1, keepdims=True)


# x = np.arange(-5.0, 5.0, 0.1)
# plt.plot(x, sigmoid(x))
