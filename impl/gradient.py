"""The gradient found by trying: slow, but hard to get wrong, so it can check the fast one."""

from collections.abc import Callable
from typing import Any

import numpy as np

from .functions import Array


def numerical_gradient(f: Callable[[Array], float | np.floating[Any]], x: Array) -> Array:
    """df/dx by central differences: (f(x + h) - f(x - h)) / 2h for one element of x at a time.

    x is changed in place and put back, also when f raises. That way f may ignore its argument
    and use the same array elsewhere, as a network uses its weights.

    f: takes x, returns a scalar. x: float array of any shape, preferably float64, since in
    float32 little is left of a difference of 1e-4. Returns an array of x's shape and dtype.

    Raises TypeError if x is not an array of floats; ValueError if x is read-only.
    """
    if not isinstance(x, np.ndarray) or not np.issubdtype(x.dtype, np.floating):
        kind = f"array of {x.dtype}" if isinstance(x, np.ndarray) else type(x).__name__
        raise TypeError(
            f"x is {kind}, should be an array of floats: it is changed in place by "
            "h = 0.0001, which integers would cut off; x.astype(float) makes floats of them"
        )
    h = 1e-4
    grad = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        original = x[index]
        x[index] = original + h
        try:
            f_plus = f(x)
            x[index] = original - h
            f_minus = f(x)
        finally:
            x[index] = original
        grad[index] = (f_plus - f_minus) / (2 * h)
    return grad
