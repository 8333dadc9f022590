"""The layout of a subject's arrays: the contract's, weights transposed, or features first.

The contract has x (N, D), W (D, M), b (M,) and an output (N, M).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from trigrad.contracts.schema import Array


@dataclass(frozen=True)
class ArrayLayout:
    """The layout of the subject's arrays.

    Attributes:
        transposed: a matrix of weights is (M, D).
        bias: the shape of a vector of weights, with -1 for M: (-1,), (1, -1) or (-1, 1).
        features_first: operands are (D, N) and outputs (M, N).
    """

    transposed: bool = False
    bias: tuple[int, ...] = (-1,)
    features_first: bool = False

    def weight(self, array: Array) -> Array:
        """A parameter in the subject's layout; the same array if the layout is the contract's."""
        if array.ndim == 2:
            return np.ascontiguousarray(array.T) if self.transposed else array
        return array if self.bias == (-1,) else array.reshape(self.bias)

    def operand(self, array: Any) -> Any:
        """An operand, output or gradient, from the contract's layout to the subject's or back."""
        transpose = self.features_first and isinstance(array, np.ndarray) and array.ndim == 2
        return array.T if transpose else array


def can_be_subtracted(gradient: tuple[int, ...], weight: tuple[int, ...]) -> bool:
    """Whether a step `W -= lr * dW` leaves an array of this shape as it is.

    With b (M, 1) and db (M,) it raises; `b = b - lr * db` gives (M, M). Arrays of other sizes are
    for other claims.
    """
    if math.prod(gradient) != math.prod(weight):
        return True
    try:
        return np.broadcast_shapes(gradient, weight) == weight
    except ValueError:
        return False


ROW, COLUMN = (1, -1), (-1, 1)

ARRAY_LAYOUTS = (
    ArrayLayout(),
    ArrayLayout(transposed=True),
    ArrayLayout(bias=ROW),
    ArrayLayout(transposed=True, bias=ROW),
    ArrayLayout(transposed=True, bias=COLUMN),
    ArrayLayout(bias=COLUMN),
    ArrayLayout(transposed=True, bias=COLUMN, features_first=True),
    ArrayLayout(bias=COLUMN, features_first=True),
)
"""In the order in which they are tried, with sizes N, D and M that are all different."""
