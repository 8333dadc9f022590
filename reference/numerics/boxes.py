"""Boxes of entries of an array, which are moved together in the search for wrong entries."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from types import EllipsisType


@dataclass(frozen=True)
class Box:
    """The entries of parameter `name` within `ranges`, a (start, stop) for each of its axes."""

    name: str
    ranges: tuple[tuple[int, int], ...]

    @classmethod
    def whole(cls, name: str, shape: tuple[int, ...]) -> Box:
        """All entries of an array of that shape."""
        return cls(name, tuple((0, length) for length in shape))

    @classmethod
    def entry(cls, name: str, index: tuple[int, ...]) -> Box:
        """A single entry."""
        return cls(name, tuple((i, i + 1) for i in index))

    @property
    def size(self) -> int:
        """The number of entries."""
        return math.prod(stop - start for start, stop in self.ranges)

    @property
    def index(self) -> tuple[int, ...]:
        """The index of its first entry."""
        return tuple(start for start, _ in self.ranges)

    @property
    def slices(self) -> tuple[slice | EllipsisType, ...]:
        """Selects the box in the array, as a view even if the array is 0-d."""
        return (*(slice(start, stop) for start, stop in self.ranges), ...)

    def indices(self) -> Iterator[tuple[int, ...]]:
        """The indices of its entries, in order."""
        return product(*(range(start, stop) for start, stop in self.ranges))

    def halves(self, axes: tuple[int, ...]) -> tuple[Box, Box]:
        """The box cut in two along the first of `axes` in which it is longer than one entry."""
        axis = next(a for a in axes if self.ranges[a][1] - self.ranges[a][0] > 1)
        start, stop = self.ranges[axis]
        middle = (start + stop) // 2
        before, after = self.ranges[:axis], self.ranges[axis + 1 :]
        return (
            Box(self.name, (*before, (start, middle), *after)),
            Box(self.name, (*before, (middle, stop), *after)),
        )
