import numpy as np

def softmax(x):
    if x.ndim == 2:
        m = x.max(axis=1).reshape(-1, 1)
        e = np.exp(x - m)
        return e / e.sum(axis=1).reshape(-1, 1)
    e = np.exp(x - x.max())
    return e / e.sum()

# Kreuzentropie
def cross_entropy_error(y, t):
    if y.ndim == 1:
        t = t.reshape(1, t.size)
        y = y.reshape(1, y.size)
    batch_size = y.shape[0]
    return -np.sum(t * np.log10(y + 1e-7)) / batch_size
