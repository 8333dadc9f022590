"""Slopes of a loss along random directions, compared with what the gradients say."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from trigrad.contracts.schema import Array
from trigrad.gradient_check.arguments import GradcheckError
from trigrad.gradient_check.point import Point
from trigrad.messages import Message
from trigrad.numerics import tolerance
from trigrad.numerics.boxes import Box
from trigrad.numerics.directions import inner, power_of_two, random_direction
from trigrad.numerics.slope import FACTOR, Slope, ValuesAt, confirmed, slope_along

COARSE = Message("gc.coarse")

FARTHEST = 2.0**20
"""If the loss never changed, steps up to this multiple of the arrays are tried."""

SMALLEST = float(np.finfo(np.float64).tiny)
"""A square below this has lost digits."""


@dataclass(frozen=True)
class Mismatch:
    """A slope and what the gradients say it is, in the loss's units for a step of 1."""

    slope: Slope
    expected: float
    error: float
    """How far the two may be apart though the gradient is right."""

    @property
    def value(self) -> float:
        """The slope less what was expected."""
        return self.slope.value - self.expected

    @property
    def wrong(self) -> bool:
        """Whether they are farther apart than their errors explain."""
        return not abs(self.value) <= self.error


class Measuring:
    """A loss at a point, the gradients to be verified, and a random direction.

    An entry of the direction has a random sign and a magnitude drawn uniformly from [1/2, 1]; a
    parameter is moved by that times its `scale`, about the size of its entries.
    """

    def __init__(
        self, point: Point, gradients: Mapping[str, Array], bits: np.random.BitGenerator
    ) -> None:
        self.point = point
        self.gradients = gradients
        self._bits = bits
        self.random = np.random.Generator(bits)
        self.lengths = {name: _length(g) for name, g in gradients.items()}
        self.centre = point.loss_here()
        self.scale = _scales({name: point.kept(name) for name in gradients})
        self.directions: dict[str, Array] = {}
        self.kinks = 0
        """How many slopes had a kink so far."""
        self.first_step = tolerance.probe_step(point.eps)
        moved = sum(largest(point.kept(name)) * length for name, length in self.lengths.items())
        self._least_rounding = tolerance.value_rounding(self.centre, point.eps, moved)
        self.check_repeatable()
        self._refuse_changed([n for n, g in gradients.items() if _length(g) != self.lengths[n]])

    @property
    def _rounding(self) -> float:
        """How far one value of the loss may be off, as far as its values have shown."""
        return max(self._least_rounding, self.point.grain / 2)

    def check_repeatable(self) -> None:
        """Compute the loss at the point once more.

        Raises:
            GradcheckError: it is another than the first time.
        """
        again = self.point.loss_again()
        if abs(again - self.centre) <= 2 * self._rounding:
            return
        changed = self.point.changed()
        if changed:
            raise GradcheckError(
                str(Message("gc.changes", names=", ".join(f"params[{name!r}]" for name in changed)))
            )
        raise GradcheckError(
            str(Message("gc.not_deterministic", one=repr(self.centre), other=repr(again)))
        )

    def draw(self, names: Sequence[str]) -> None:
        """A new direction in these parameters."""
        for name in names:
            self.directions[name] = random_direction(self.point.kept(name), self._bits)

    def whole(self, name: str) -> Box:
        """The box of all entries of a parameter."""
        return Box.whole(name, self.point.kept(name).shape)

    def mismatch(
        self, boxes: Sequence[Box], *, step: float | None = None, goal: float | None = None
    ) -> Mismatch:
        """Measure the slope along the direction, restricted to the boxes.

        step: the first to be tried; goal: an error of the slope that is small enough.
        """
        goal = self.goal({box.name for box in boxes}) if goal is None else goal
        first = self.first_step if step is None else step
        expected = self._expected(boxes)
        slope = self._slope(boxes, first, goal)
        self.kinks += 1 if slope.kink else 0
        own = sum(self._own_rounding(box) for box in boxes)
        found = Mismatch(slope, expected, tolerance.DOUBT * slope.error + own)
        if found.wrong and self._expected(boxes) != expected:
            self._refuse_changed([box.name for box in boxes])
        return found

    def _refuse_changed(self, names: Sequence[str]) -> None:
        if names:
            changed = ", ".join(repr(name) for name in names)
            raise GradcheckError(str(Message("gc.changes_grads", changed=changed)))

    def _slope(self, boxes: Sequence[Box], first: float, goal: float) -> Slope:
        line = self._line(boxes)
        while True:
            rounding = self._rounding
            slope = slope_along(line, self.centre, rounding, first, goal)
            if slope.flat and not self.point.varies:
                self._look_far(line)
            if self._rounding <= rounding:
                return slope
            # The new values are coarser than those before, so their rounding was underestimated.

    def _look_far(self, line: ValuesAt) -> None:
        """Try larger steps with a loss that has not changed yet, to see how coarse it is."""
        far = self.first_step
        while far <= FARTHEST and not self.point.varies:
            line([far, -far])
            far *= FACTOR

    def _expected(self, boxes: Sequence[Box]) -> float:
        return sum(self.along(box, self.gradients[box.name]) for box in boxes)

    def confirmed(self, boxes: Sequence[Box], found: Mismatch) -> bool:
        """Whether a mismatch is found with other steps, too."""
        line = self._line(boxes)
        return confirmed(line, self.centre, self._rounding, found.slope, found.expected)

    def _line(self, boxes: Sequence[Box]) -> ValuesAt:
        return self.point.line(boxes, self.directions, self.scale)

    def along(self, box: Box, gradient: Array) -> float:
        """The inner product of a gradient with the direction, within a box."""
        inside = box.slices
        return self.scale[box.name] * inner(gradient[inside], self.directions[box.name][inside])

    def _own_rounding(self, box: Box) -> float:
        # That of the gradient: a few dozen roundings for each entry, of random sign.
        gradient = self.gradients[box.name]
        share = tolerance.value_rounding(1.0, float(np.finfo(gradient.dtype).eps), 0.0)
        return share * self.scale[box.name] * self.lengths[box.name]

    def goal(self, names: set[str]) -> float:
        """An error of a slope that is small compared with the gradients of all these parameters."""
        sizes = [
            self.scale[name] * self.lengths[name] / np.sqrt(self.gradients[name].size)
            for name in names
            if self.lengths[name]
        ]
        return tolerance.probe_goal(min(sizes, default=0.0), self.point.eps)

    def resolution(self, name: str, error: float) -> float:
        """The error of an entry of this parameter that cannot be missed."""
        return tolerance.resolution(error) / self.scale[name]

    def share(self, name: str, error: float) -> float:
        """An error of a slope, as a share of what this gradient usually contributes to a slope.

        For a gradient that is zero up to rounding, the median of the others is used instead.
        """
        sizes = {other: self.scale[other] * self.lengths[other] for other in self.lengths}
        largest_size = max(sizes.values())
        nothing = tolerance.value_rounding(largest_size, self.point.eps, 0.0)
        size = sizes[name]
        if size <= nothing:
            known = sorted(other for other in sizes.values() if other > nothing)
            if not known:
                return tolerance.VISIBLE  # there is no other gradient to compare it with
            size = known[len(known) // 2]
        return error / size


def _length(array: Array) -> float:
    square = inner(array, array)
    if SMALLEST < square < math.inf or not array.any():
        return math.sqrt(square)
    top = largest(array)  # its square is out of range
    return top * math.sqrt(inner(array / top, array / top))


def largest(array: Array) -> float:
    """The largest absolute value, without a temporary array."""
    return float(max(array.max(), -array.min()))


def _scales(arrays: Mapping[str, Array]) -> dict[str, float]:
    """How far each array is moved: by about the size of its entries.

    An array of zeros (a new bias) is moved by the median of the others, or by 1.
    """
    sizes = {name: _length(array) / math.sqrt(array.size) for name, array in arrays.items()}
    known = sorted(size for size in sizes.values() if size)
    middle = known[len(known) // 2] if known else 1.0
    return {name: power_of_two(size or middle) for name, size in sizes.items()}
