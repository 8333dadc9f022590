"""Which entries of a gradient are wrong: the array is halved again and again, as in a bisection."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from trigrad.numerics.boxes import Box

GATHERED = 4.0
"""An inferred residual is measured instead if its error is this many times a measured one's."""


@dataclass(frozen=True)
class Residual:
    """The slope of a box less what the gradient says, and how far that may be off."""

    value: float
    error: float

    @property
    def wrong(self) -> bool:
        """Whether it is more than the errors explain."""
        return not abs(self.value) <= self.error


Measure = Callable[[Box], Residual]


def wrong_boxes(
    whole: Box, residual: Residual, measure: Measure, axes: tuple[int, ...], most: int
) -> list[Box]:
    """The wrong entries as boxes of one entry, or larger boxes once there are more than `most`.

    One half of a box is measured; the residual of the other is the rest, since slopes add up. With
    k wrong entries among P that takes at most k * log2(P) measurements, and some more where the
    errors of inferred residuals have added up. Empty if a part of the way shows no residual.

    axes: a box is cut along the first of these in which it is longer than one entry.
    """
    level = [(whole, residual)]
    while len(level) <= most and any(box.size > 1 for box, _ in level):
        following: list[tuple[Box, Residual]] = []
        for box, left in level:
            if box.size == 1:
                following.append((box, left))
                continue
            first, second = box.halves(axes)
            one = measure(first)
            other = Residual(left.value - one.value, left.error + one.error)
            if other.error > GATHERED * one.error:
                other = measure(second)
            following += [(b, m) for b, m in ((first, one), (second, other)) if m.wrong]
        level = following
    return [box for box, _ in level]


def descend(box: Box, measure: Measure) -> tuple[int, ...] | None:
    """One wrong entry in a box, or None if both halves of a box seem right."""
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
