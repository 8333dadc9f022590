import numpy as np


def rbf_forward(points, anchors, gain):
    """Radial basis functions.

    Inputs:
    - points: the data, of shape (N, D)
    - anchors: array of shape (K, D)
    - gain: array of shape (K,)

    Returns a tuple of:
    - out: values, of shape (N, K)
    - cache: what the backward pass needs
    """
    gap = points[:, None, :] - anchors[None]
    dist = np.sum(gap ** 2, axis=2)
    e = np.exp(-0.1 * dist)
    return e * gain, (gap, e, gain)


def rbf_backward(dout, cache):
    gap, e, gain = cache
    dgain = np.sum(dout * e, axis=0)
    ddist = -0.1 * dout * gain * e
    dgap = 2 * gap * ddist[:, :, None]  # WRONG: dgap = gap * ddist[:, :, None]
    return dgap.sum(axis=1), -dgap.sum(axis=0), dgain  # WRONG: return dgap.sum(axis=1), dgap.sum(axis=0), dgain
