"""Random directions, and inner products with them."""

from __future__ import annotations

import math

import numpy as np

from trigrad.contracts.schema import Array

CHUNK = 1 << 16
"""How many entries are converted to float64 at a time for an inner product."""


def random_direction(like: Array, random: np.random.BitGenerator) -> Array:
    """Entries of random sign, their magnitudes uniform in [1/2, 1), in the array's dtype.

    Made from random bits: sign and mantissa are random, the exponent is that of 1/2.
    """
    if like.dtype.itemsize <= 4:
        single = random.random_raw((like.size + 1) // 2).view(np.uint32)[: like.size]
        single &= np.uint32(0x807FFFFF)
        single |= np.uint32(0x3F000000)
        drawn: Array = single.view(np.float32)
    else:
        double = random.random_raw(like.size)
        double &= np.uint64(0x800FFFFFFFFFFFFF)
        double |= np.uint64(0x3FE0000000000000)
        drawn = double.view(np.float64)
    return drawn.reshape(like.shape).astype(like.dtype, copy=False)


def inner(one: Array, other: Array) -> float:
    """The inner product of two arrays of one shape, in float64."""
    if one.dtype == other.dtype == np.float64:
        return float(np.vdot(one, other))
    flat, other_flat = one.reshape(-1), other.reshape(-1)
    return sum(
        float(np.vdot(flat[i : i + CHUNK].astype(float), other_flat[i : i + CHUNK].astype(float)))
        for i in range(0, flat.size, CHUNK)
    )


def power_of_two(size: float) -> float:
    """The power of two nearest to `size`; a product with it is exact."""
    return float(2.0 ** round(math.log2(size)))
