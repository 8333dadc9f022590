"""The functions that the layers are made of: sigmoid, softmax, cross-entropy."""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array: TypeAlias = NDArray[np.floating[Any]]


def sigmoid(x: Array) -> Array:
    """1 / (1 + exp(-x)), element by element.

    x: any shape. Returns the same shape.
    """
    x = as_float(x)
    # exp(-x) overflows for x = -1000. exp(-|x|) never does, and where x < 0 the same value is
    # exp(x) / (1 + exp(x)): numerator and denominator multiplied by exp(x).
    e = np.exp(-np.abs(x))
    y: Array = np.where(x >= 0, 1, e) / (1 + e)
    return y


def softmax(x: Array) -> Array:
    """exp(x_k) / sum_j exp(x_j) over the last axis: probabilities, which sum to 1.

    x: (..., C). Returns the same shape.
    """
    x = as_float(x)
    # Subtracting the maximum multiplies numerator and denominator by the same number, so the
    # result is unchanged, and exp of numbers <= 0 cannot overflow.
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    y: Array = e / e.sum(axis=-1, keepdims=True)
    return y


def log_softmax(x: Array) -> Array:
    """log(softmax(x)) = x - log(sum_j exp(x_j)) over the last axis.

    Never goes through softmax, whose small values underflow to 0: finite for finite x.

    x: (..., C). Returns the same shape.
    """
    x = as_float(x)
    shifted = x - x.max(axis=-1, keepdims=True)
    log_y: Array = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return log_y


def cross_entropy_error(y: Array, t: ArrayLike) -> np.floating[Any]:
    """Mean over the batch of -sum(t * log(y)): how improbable y holds the right classes.

    A probability of 0 counts as the smallest normal number of y's dtype, so that the loss of a
    wrong class is large but finite: at most 708.4 a sample in float64, 87.3 in float32. Other
    probabilities are left as they are (the book adds 1e-7 to all of them).

    y: (N, C) probabilities, or (C,), a batch of one. t: targets, see `one_hot`.
    Returns a scalar of y's dtype.
    """
    y = as_float(y)
    log_y = np.log(np.maximum(y, np.finfo(y.dtype).tiny))
    loss: np.floating[Any] = -np.mean(np.sum(one_hot(t, y) * log_y, axis=-1))
    return loss


def one_hot(t: ArrayLike, y: Array) -> Array:
    """The targets t as an array of y's shape and dtype, whichever way they are written.

    y: (N, C), or (C,), a batch of one.
    t: one-hot of y's shape, or any rows that sum to 1; or integer labels (N,), where a single
    label for y of shape (C,) may be a plain integer or have shape (1,). The shape decides, not
    the size: N labels are labels even where N = C.

    Raises ValueError if t fits y in neither way, or a label is not one of 0 ... C-1; TypeError if
    labels are not integers.
    """
    targets = np.asarray(t)
    if y.ndim not in (1, 2):
        raise ValueError(f"scores of shape {y.shape}: should be (N, C), or (C,) for one sample")
    if targets.shape == y.shape:
        return targets.astype(y.dtype)  # astype copies

    labels = targets[0] if y.ndim == 1 and targets.shape == (1,) else targets
    if labels.shape != y.shape[:-1]:
        raise ValueError(
            f"t of shape {targets.shape} does not fit scores of shape {y.shape}: "
            f"should be {y.shape} for one-hot targets, {y.shape[:-1]} for labels"
        )
    if not np.issubdtype(labels.dtype, np.integer):
        raise TypeError(f"labels are {labels.dtype}, should be integers")
    classes = y.shape[-1]
    # -1 would silently be the last class.
    if labels.size and (labels.min() < 0 or labels.max() >= classes):
        raise ValueError(
            f"labels run from {labels.min()} to {labels.max()}, should be in 0 ... {classes - 1}"
        )
    # Each label against every class: a row of False with one True.
    is_right: NDArray[np.bool_] = labels[..., np.newaxis] == np.arange(classes)
    return is_right.astype(y.dtype)


def as_float(x: ArrayLike) -> Array:
    """x as an array of floats: integers become float64; floats keep their dtype, uncopied."""
    x = np.asarray(x)
    return x if np.issubdtype(x.dtype, np.floating) else x.astype(np.float64)
