"""Sizes to try where nothing is known of a layer: the first with which it works are taken.

Many layers work only with some sizes: a kernel of 5 needs rows of 5, heads divide the width, and a
pool of 2 takes even ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

BATCH = "N"

ODD = (3, 4, 5, 2, 6, 7)
"""All different, so that no axis is taken for another."""

EVEN = (2, 4, 6, 8, 12, 10)

FEW = (2, 3)
"""The first two sizes of images and sequences: samples, and channels."""

SIDES = (6, 8, 10, 12, 16, 28, 32)
"""The other sizes there, which are equal."""


def size_ladder(symbols: Sequence[str]) -> Iterator[dict[str, int]]:
    """Sizes of the symbols, the most telling first."""
    count = len(symbols)
    for row in (ODD, EVEN):
        yield {s: row[i % len(row)] for i, s in enumerate(symbols)}
    for few, side in product((FEW, (2, 4)), SIDES):
        if count > 2:
            yield dict(zip(symbols, (*few, *(side,) * (count - 2)), strict=True))
    for side in (4, 6, *SIDES[1:]):
        yield {s: 2 if s == BATCH else side for s in symbols}
