import numpy as np


def init_params(d, h, k, scale=0.1):
    return {
        "W1": scale * np.random.randn(d, h),
        "b1": np.zeros(h),
        "W2": scale * np.random.randn(h, k),
        "b2": np.zeros(k),
    }


def loss_and_gradients(params, X, Y):
    z = X @ params["W1"] + params["b1"]
    h = np.maximum(z, 0)
    s = h @ params["W2"] + params["b2"]
    s = s - s.max(axis=1, keepdims=True)
    logp = s - np.log(np.exp(s).sum(axis=1, keepdims=True))
    loss = -(Y * logp).sum() / len(X)
    ds = (np.exp(logp) - Y) / len(X)
    dh = ds @ params["W2"].T
    dz = dh * (z > 0)  # WRONG: dz = dh * (dh > 0)
    grads = {
        "W1": X.T @ dz,  # WRONG: "W1": X.T @ dh,
        "b1": dz.sum(axis=0),
        "W2": h.T @ ds,  # WRONG: "W2": z.T @ ds,
        "b2": ds.sum(axis=0),
    }
    return loss, grads
