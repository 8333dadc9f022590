"""In which layout a subject wants operands and weights: the contract's, transposed, features first.

The contract has x (N, D), W (D, M), b (M,) and an output (N, M).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from trigrad.contracts.schema import Array


@dataclass(frozen=True)
class Layout:
    """How the subject's arrays lie.

    `turned`: a weight is (M, D). `bias`: how a vector of weights lies, with M at `...`: (M,),
    (1, M) or (M, 1). `features_first`: operands and outputs are (D, N) and (M, N).
    """

    turned: bool = False
    bias: tuple[int, ...] = (-1,)
    features_first: bool = False

    def weight(self, array: Array) -> Array:
        """A parameter of the contract's shape in the subject's; the same array where it can be."""
        if array.ndim == 2:
            return np.ascontiguousarray(array.T) if self.turned else array
        return array if self.bias == (-1,) else array.reshape(self.bias)

    def operand(self, array: Any) -> Any:
        """An operand, output or its gradient in the subject's layout or back: its own inverse."""
        turn = self.features_first and isinstance(array, np.ndarray) and array.ndim == 2
        return array.T if turn else array


ROW, COLUMN = (1, -1), (-1, 1)

LAYOUTS = (
    Layout(),
    Layout(turned=True),
    Layout(bias=ROW),
    Layout(turned=True, bias=ROW),
    Layout(turned=True, bias=COLUMN),
    Layout(bias=COLUMN),
    Layout(turned=True, bias=COLUMN, features_first=True),
    Layout(bias=COLUMN, features_first=True),
)
"""In the order in which they are tried, with sizes N, D and M that are all different."""
