import numpy as np

def softmax(x):
    c = np.max(x, axis=0)
    exp_x = np.exp(x - c)  # オーバーフロー対策
    return exp_x / np.sum(exp_x, axis=-1, keepdims=True)

def cross_entropy_error(y, t):
    if y.ndim == 1:
        t = t.reshape(1, t.size)
        y = y.reshape(1, y.size)
    batch_size = y.shape[0]
    return -np.sum(t * np.log(y + 1e-7)) / batch_size
