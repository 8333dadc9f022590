"""Arrays as text, as a reader types them."""

from __future__ import annotations

import numpy as np

from trigrad.contracts.schema import Array
from trigrad.numerics.leftovers import without_roundings

ARRAY_WIDTH = 64
"""An array wider than this is shown with one row per line; all entries are shown."""


def telling_digits(one: Array, other: Array) -> int:
    """How many digits are needed to show that two arrays differ."""
    for digits in (6, 9, 12):
        if shown(one, digits) != shown(other, digits):
            return digits
    return 17


def shown(array: Array, digits: int = 6) -> str:
    """An array as a reader types it: on one line if it fits, otherwise with one row per line."""
    if array.dtype.kind == "f":
        array = without_roundings(array) + 0.0  # -0.0 is 0
    if array.ndim == 0:
        number = array.item()
        if isinstance(number, float) and 1e-4 <= abs(number) < 1e6:
            return np.format_float_positional(number, precision=digits, trim="-")
        return str(number)
    rows = np.array2string(
        array, precision=digits, separator=", ", threshold=array.size + 1, max_line_width=10_000
    )
    flat = " ".join(row.strip() for row in rows.split("\n"))
    return flat if len(flat) <= ARRAY_WIDTH else rows
