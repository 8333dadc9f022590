"""What roundings leave of a sum that is 0."""

from __future__ import annotations

import numpy as np

from trigrad.contracts.schema import Array

NOTHING = 2.0**-44
"""Of the largest entry: what is smaller is what a few roundings leave where the sum is 0."""


def without_roundings(array: Array, beside: float = 0.0) -> Array:
    """An array with 0 in place of what is left of a sum that is 0, which fills a screen.

    `beside` is the largest number of others that it was computed with.
    """
    return np.where(np.abs(array) < NOTHING * max(beside, largest(array)), 0.0, array)


def largest(array: Array) -> float:
    """The largest absolute value that is finite; 0 where there is none."""
    finite = np.where(np.isfinite(array), np.abs(array), 0.0)
    return float(finite.max(initial=0.0))
