import numpy as np


def make_network(sizes):
    return [(np.random.randn(a, b) * 0.1, np.zeros(b)) for a, b in zip(sizes, sizes[1:])]


def forward_pass(net, x):
    activations = [x]
    for i, (W, b) in enumerate(net):
        z = activations[-1] @ W + b
        activations.append(np.maximum(z, 0) if i < len(net) - 1 else z)
    return activations


def mse(y_hat, y):
    return np.mean((y_hat - y) ** 2)


def backward_pass(net, activations, y):
    grads = []
    delta = 2 * (activations[-1] - y) / y.size
    for i in reversed(range(len(net))):
        W, b = net[i]
        grads.insert(0, (activations[i].T @ delta, delta.sum(axis=0)))  # WRONG: grads.insert(0, (activations[i].T @ delta, delta.mean(axis=0)))
        delta = (delta @ W.T) * (activations[i] > 0)  # WRONG: delta = delta @ W.T
    return grads
