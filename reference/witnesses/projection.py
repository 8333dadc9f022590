"""Finite differences of a large array: one slope along a random direction checks all entries."""

from __future__ import annotations

import math

import numpy as np

from trigrad.claim.answers import Answers
from trigrad.claim.claim import HOLDS, Finding, refuted, unsettled
from trigrad.claim.evidence import NAMED, Evidence, entries_at
from trigrad.claim.quantity import gradient
from trigrad.contracts.schema import Array
from trigrad.messages import Message
from trigrad.numerics import tolerance
from trigrad.numerics.bisection import Residual, descend, wrong_boxes
from trigrad.numerics.boxes import Box
from trigrad.numerics.directions import inner, power_of_two, random_direction
from trigrad.numerics.slope import Slope, ValuesAt, confirmed, slope_along

REDRAWS = 3
"""How often another direction is drawn where the slope is not known well enough."""


def check_projected(name: str, answers: Answers) -> Finding:
    """The gradient's inner product with a direction is the slope of the subject's own forward."""
    answers.gradient(name)  # without it there is nothing to compare with: AbsentError
    if not np.isfinite(answers.output).all():
        return unsettled(Message("forward.not_finite"))
    quantity = gradient(name)
    for times in range(REDRAWS + 1):
        line = _Projection(answers, name, times)
        slope = line.slope(line.whole)
        residual = line.residual(line.whole, slope)
        if not slope.known or slope.kink:
            continue
        if not residual.wrong:
            return HOLDS
        if line.confirmed(slope):
            is_, should_be = line.evidence(residual)
            words = Message("derivative.other_large", quantity=quantity)
            return refuted(words, Evidence(quantity, answers.case, is_, should_be))
    return unsettled(Message("forward.not_smooth", directions=REDRAWS + 1))


class _Projection:
    """<dout, forward> of one case, as one of its arrays moves along a random direction."""

    def __init__(self, answers: Answers, name: str, seed: int) -> None:
        self._answers = answers
        self._name = name
        self._array = answers.case.arrays[name]
        self._gradient = answers.gradient(name)
        self.whole = Box.whole(name, self._array.shape)
        self._direction = random_direction(self._array, np.random.SFC64(seed))
        size = math.sqrt(inner(self._array, self._array) / self._array.size)
        self._scale = power_of_two(size or 1.0)
        output = answers.output
        self._weight = np.ones(()) if answers.case.dout is None else answers.case.dout
        self._centre = float(np.sum(self._weight * output, dtype=np.float64))
        eps = float(np.finfo(output.dtype).eps) if output.dtype.kind == "f" else 0.0
        self._eps = max(eps, float(np.finfo(np.float64).eps))
        terms = float(np.sum(np.abs(self._weight * output), dtype=np.float64))
        length = math.sqrt(inner(self._gradient, self._gradient))
        moved = float(np.abs(self._array).max()) * length
        self._rounding = tolerance.value_rounding(terms, self._eps, moved)
        self._goal = tolerance.probe_goal(
            self._scale * length / math.sqrt(self._array.size), self._eps
        )

    def slope(self, box: Box) -> Slope:
        """The slope along the direction, restricted to a box."""
        step = tolerance.probe_step(self._eps)
        return slope_along(self._line(box), self._centre, self._rounding, step, self._goal)

    def residual(self, box: Box, slope: Slope) -> Residual:
        """By how much the slope differs from what the gradient says."""
        if not slope.known:
            return Residual(0.0, np.inf)
        # The allowance holds for a single entry; in the worst case those of all entries add up.
        entry = tolerance.allowance(self._answers.contract, self._answers.case)
        allowed = entry * float(np.abs(self._direction[box.slices]).sum()) * self._scale
        return Residual(slope.value - self._expected(box), tolerance.DOUBT * slope.error + allowed)

    def confirmed(self, slope: Slope) -> bool:
        """Whether the mismatch of the whole array is found with other steps, too."""
        line, expected = self._line(self.whole), self._expected(self.whole)
        return confirmed(line, self._centre, self._rounding, slope, expected)

    def evidence(self, residual: Residual) -> tuple[Message | str, Message | str]:
        """A few wrong entries: what they are, and what they should be."""
        axes = tuple(range(self._array.ndim))
        boxes = wrong_boxes(self.whole, residual, self._measure, axes, NAMED)
        found = [index for box in boxes[:NAMED] if (index := descend(box, self._measure))]
        if not found:
            return Message("projection.is"), Message("projection.should_be")
        should_be = [self._entry(index) for index in found]
        is_ = [float(self._gradient[index]) for index in found]
        return entries_at(found, is_), entries_at(found, should_be)

    def _entry(self, index: tuple[int, ...]) -> float:
        slope = self.slope(Box.entry(self._name, index))
        return slope.value / (self._scale * float(self._direction[index]))

    def _measure(self, box: Box) -> Residual:
        return self.residual(box, self.slope(box))

    def _expected(self, box: Box) -> float:
        inside = box.slices
        return self._scale * inner(self._gradient[inside], self._direction[inside])

    def _line(self, box: Box) -> ValuesAt:
        along = np.zeros_like(self._array)
        along[box.slices] = self._scale * self._direction[box.slices]

        def values_at(steps: object) -> Array:
            distances = np.asarray(steps).reshape(-1, *[1] * along.ndim)
            outputs = self._answers.outputs_at(self._name, self._array + distances * along)
            axes = tuple(range(1, outputs.ndim))
            return np.asarray(np.sum(self._weight * outputs, axis=axes, dtype=np.float64))

        return values_at
