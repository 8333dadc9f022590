"""Which entries are wrong: the array is halved, and the halves whose slopes are right are left."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from trigrad.numerics.boxes import Box

GATHERED = 4.0
"""Times the error of a measurement that an inferred one may have before it is made itself."""


@dataclass(frozen=True)
class Missing:
    """What is missing in the slope of a box, and how far that may be off."""

    value: float
    error: float

    @property
    def wrong(self) -> bool:
        """Whether more is missing than the errors allow."""
        return not abs(self.value) <= self.error


Measure = Callable[[Box], Missing]


def wrong_boxes(
    whole: Box, missing: Missing, measure: Measure, axes: tuple[int, ...], most: int
) -> list[Box]:
    """The wrong entries as boxes of one, or the boxes they are in once there are over `most`.

    One half of a box is measured; what the other misses is the rest, since slopes add up. With k
    wrong entries among P that is at most k * log2(P) measurements, and some more where the errors
    of the rests have gathered. Empty where the mismatch is lost on the way.

    axes: the order in which a box is cut; the first one in which it is longer than an entry.
    """
    level = [(whole, missing)]
    while len(level) <= most and any(box.size > 1 for box, _ in level):
        following: list[tuple[Box, Missing]] = []
        for box, misses in level:
            if box.size == 1:
                following.append((box, misses))
                continue
            first, second = box.halves(axes)
            one = measure(first)
            other = Missing(misses.value - one.value, misses.error + one.error)
            if other.error > GATHERED * one.error:
                other = measure(second)
            following += [(b, m) for b, m in ((first, one), (second, other)) if m.wrong]
        level = following
    return [box for box, _ in level]


def descend(box: Box, measure: Measure) -> tuple[int, ...] | None:
    """One wrong entry in a box, or None if the halves of one seem right both."""
    axes = tuple(range(len(box.ranges)))
    while box.size > 1:
        first, second = box.halves(axes)
        if measure(first).wrong:
            box = first
        elif measure(second).wrong:
            box = second
        else:
            return None
    return box.index
