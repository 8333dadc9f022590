"""The quick comparison of two arrays, for where they are nearly always the same."""

from __future__ import annotations

from trigrad.contracts.schema import Array


def same_bytes(one: Array, other: Array) -> bool:
    """Whether two arrays of any dtype are the same to the last bit: a NaN is equal to itself.

    Arrays that are not may still be equal: 0.0 and -0.0 have other bytes.
    """
    if one.dtype != other.dtype or one.shape != other.shape:
        return False
    return one.tobytes() == other.tobytes()
