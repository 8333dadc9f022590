"""Helper functions of the book's `common` package, which learners' layers call and files leave out.

Most are in `impl`; the others are written here. They accept what the chapter's layers need and no
more, since a helper must not give a layer a capability that the learner's file does not have.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

import numpy as np

# Not `impl` as a whole: all modules that are reached from here are followed with every forward.
from trigrad.impl import functions, gradient
from trigrad.messages import Message

LABELS_GIVEN: ContextVar[bool] = ContextVar("labels_given", default=False)
"""Whether forward was called with class labels by trigrad."""


def cross_entropy_error(y: Any, t: Any) -> Any:
    """The mean over the batch of `-log(y[t])`.

    Labels are accepted from a layer that converts its one-hot targets into labels itself.

    Raises:
        ValueError: the layer was given labels. They would be a capability that the learner's file
            does not have.
    """
    if np.shape(y) != np.shape(t) and LABELS_GIVEN.get():
        raise ValueError(str(Message("helpers.one_hot")))
    return functions.cross_entropy_error(y, t)


def relu(x: Any) -> Any:
    """`x` where it is positive, else 0."""
    return np.maximum(0, x)


def identity_function(x: Any) -> Any:
    """`x` itself."""
    return x


def sigmoid_grad(x: Any) -> Any:
    """The derivative of sigmoid at x."""
    out = functions.sigmoid(x)
    return out * (1 - out)


def relu_grad(x: Any) -> Any:
    """The derivative of relu at x, 1 at the kink as in the book's `common`."""
    return np.where(np.asarray(x) >= 0, 1.0, 0.0)


def im2col(
    input_data: Any, filter_h: int, filter_w: int, stride: int = 1, pad: int = 0
) -> np.ndarray[Any, Any]:
    """Images (N, C, H, W) → one row for each place of the filter: (N·OH·OW, C·FH·FW)."""
    widths = [(0, 0), (0, 0), (pad, pad), (pad, pad)]
    images = np.pad(np.asarray(input_data), widths)
    windows = np.lib.stride_tricks.sliding_window_view(images, (filter_h, filter_w), (2, 3))
    windows = windows[:, :, ::stride, ::stride]  # (N, C, OH, OW, FH, FW)
    samples, channels, out_h, out_w = windows.shape[:4]
    rows = windows.transpose(0, 2, 3, 1, 4, 5)
    return rows.reshape(samples * out_h * out_w, channels * filter_h * filter_w).copy()


def col2im(
    col: Any,
    input_shape: tuple[int, int, int, int],
    filter_h: int,
    filter_w: int,
    stride: int = 1,
    pad: int = 0,
) -> np.ndarray[Any, Any]:
    """The transpose of im2col: rows are added up where their windows overlap."""
    samples, channels, height, width = input_shape
    out_h = (height + 2 * pad - filter_h) // stride + 1
    out_w = (width + 2 * pad - filter_w) // stride + 1
    windows = np.asarray(col).reshape(samples, out_h, out_w, channels, filter_h, filter_w)
    images = np.zeros((samples, channels, height + 2 * pad, width + 2 * pad), windows.dtype)
    for i in range(filter_h):
        for j in range(filter_w):
            rows = slice(i, i + stride * out_h, stride)
            columns = slice(j, j + stride * out_w, stride)
            images[:, :, rows, columns] += windows[:, :, :, :, i, j].transpose(0, 3, 1, 2)
    return images[:, :, pad : pad + height, pad : pad + width]


HELPERS: dict[str, Any] = {
    "np": np,
    "numpy": np,
    "xrange": range,
    "sigmoid": functions.sigmoid,
    "softmax": functions.softmax,
    "cross_entropy_error": cross_entropy_error,
    "numerical_gradient": gradient.numerical_gradient,
    "relu": relu,
    "identity_function": identity_function,
    "sigmoid_grad": sigmoid_grad,
    "relu_grad": relu_grad,
    "im2col": im2col,
    "col2im": col2im,
}
"""The helpers by their names in the book's `common`, and names that old files expect to exist."""

UNMENTIONED = frozenset({"np", "numpy", "xrange"})
"""Helpers that are not functions of the chapter. No note mentions that they are supplied."""
