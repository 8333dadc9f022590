import numpy as np

def _numerical_gradient_1d(f, x):
    h = 1e-4
    grad = np.zeros_like(x)
    for i in range(x.size):
        old = x[i]
        x[i] = old + h
        hi = f(x)
        x[i] = old - h
        lo = f(x)
        grad[i] = (hi - lo) / h
        x[i] = old
    return grad


def numerical_gradient(f, X):
    """works for every shape: differentiate along the flat view"""
    flat = X.reshape(-1)
    return _numerical_gradient_1d(lambda _: f(X), flat).reshape(X.shape)
