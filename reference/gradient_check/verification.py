"""`gradcheck`: all gradients along one direction; on a mismatch array by array, down to entries."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from reference.contract import Array
from reference.gradient_check.arguments import looked_at
from reference.gradient_check.entries import entry_by_entry
from reference.gradient_check.entry import entry
from reference.gradient_check.locating import FEW, SAMPLE, along, located
from reference.gradient_check.measuring import COARSE, Measuring, Mismatch, largest
from reference.gradient_check.outcome import Findings, GradientReport, Wrong
from reference.gradient_check.point import Point
from reference.witnesses import tolerance

NOT_FINITE = "the loss is not a finite number beside this point"
DISAGREEING = "slopes measured with different steps or directions do not agree"
TOO_LITTLE = "off by too little in each entry to say in which"

REDRAWS = 3
"""How many other directions are tried for an array whose slope does not settle."""

SLIGHT = 1e-4
"""Errors below this share of a gradient are rarely a mistake in a formula."""

AGAIN = 2
"""Other directions that must show a mismatch of which no entry can be named."""

KINK = (
    "the loss has a kink here, or nearer than a small step: an input of Relu or abs is 0, or two "
    "of max are equal (as where a row of zeros meets biases of 0), and its slopes on the two sides "
    "differ. Try other weights or inputs"
)


def gradcheck(
    loss: Callable[[], Any],
    params: Mapping[str, Array],
    grads: Mapping[str, Any],
    *,
    directions: int = 1,
    every_entry: bool = False,
    rtol: float = 0.0,
    seed: int | None = 0,
) -> GradientReport:
    """Verify the gradients of a loss with respect to arrays that it reads in place.

        report = gradcheck(lambda: net.loss(x, t), net.params, net.gradient(x, t))
        print(report)
        assert report.ok, str(report)  # in a test: pytest cuts what is no string

    The slope of the loss along a random direction through all the arrays must be the inner
    product of the gradients with that direction (central differences, two step sizes, Richardson's
    extrapolation). Six evaluations of the loss are enough where all is right, whatever the number
    of parameters; where it isn't, more of them find the entries that are wrong.

    A single wrong entry is always found if its error is above the report's `resolution`, as a
    rule 1e-8 in float64 and 1e-2 in float32 for a loss near 1 and weights near 0.01. Several can
    cancel: the largest of them, e, is multiplied by a number drawn uniformly from
    [-1, -1/2] and [1/2, 1], and whatever the others add up to, the sum is too small to be seen
    for a part of at most resolution / |e| of these numbers. That is the probability of a miss;
    with `directions=n` its n-th power.

    Args:
        loss: computes the loss anew, without arguments, from the arrays in `params`; a scalar
            (a Python or NumPy number, or an array of shape () or (1,)). It must be deterministic.
        params: arrays of floats by name, of any shape. They are changed in place and hold, bit
            for bit, what they held when the function returns or raises. Read-only arrays and
            views with strides are handled. No other thread may use them meanwhile.
        grads: for each parameter the gradient to be verified, of the same shape.
        directions: random directions through all the arrays; more make a miss less probable.
        every_entry: compare entry by entry instead: four evaluations for every entry, and the
            whole numerical gradient with an error estimate in the report.
        rtol: errors up to this share of a gradient's length (Euclidean) are accepted: 1e-6 for a
            network with log(y + 1e-7), whose gradient is not quite the derivative of its loss.
        seed: decides the directions; None for other ones each time.

    Returns:
        a report, true in a condition if every gradient is right; `print` says what is wrong.

    Raises:
        GradcheckError: the arguments cannot be checked (integers, shared memory, other shapes
            or names …), the loss is no finite number or not deterministic. A ValueError.
    """
    arrays, gradients = looked_at(loss, params, grads, directions, rtol)
    shapes = {name: np.shape(params[name]) for name in params}
    findings = Findings()
    if not arrays:
        return findings.report(shapes, {}, 0)
    point = Point(loss, arrays)
    try:
        try:
            point.unlock()
            verification = Verification(point, gradients, seed, rtol, findings)
            if every_entry:
                verification.entry_by_entry()
            else:
                verification.along_directions(directions)
        finally:
            point.leave()
    except KeyboardInterrupt:
        point.leave()  # this one may have come before the other had put everything back
        raise
    sizes = {name: largest(gradient) for name, gradient in gradients.items()}
    return findings.report(shapes, sizes, point.evaluations)


class Verification:
    """One call of `gradcheck`."""

    def __init__(
        self,
        point: Point,
        gradients: Mapping[str, Array],
        seed: int | None,
        rtol: float,
        findings: Findings,
    ) -> None:
        self._findings = findings
        self._rtol = rtol
        self._reached = np.inf
        numbers = {name: _numbers_of(gradient) for name, gradient in gradients.items()}
        # SFC64 draws twice as fast as the default generator.
        self._measuring = Measuring(point, numbers, np.random.SFC64(seed))
        self._names = [
            name
            for name, given in gradients.items()
            if numbers[name] is given or self._refute_no_numbers(name, given)
        ]

    def _refute_no_numbers(self, name: str, gradient: Array) -> bool:
        """A gradient with NaN or infinity in it is wrong there, and not looked at further."""
        finite = np.isfinite(gradient)
        indices = [tuple(map(int, index)) for index in np.argwhere(~finite)]
        wrong = [entry(self._measuring, name, index) for index in indices[:SAMPLE]]
        wrong = [replace(w, is_=float(gradient[w.index])) for w in wrong if w.index is not None]
        count = len(indices)
        some = "1 entry is no number" if count == 1 else f"{count:,} entries are no numbers"
        self._findings.refute(name, wrong, f"{some}; the others were not looked at")
        return False

    def along_directions(self, count: int) -> None:
        """All arrays along the same directions; array by array where that shows a mismatch."""
        left = self._names
        for _ in range(count):
            left = self._together(left)
        for name in self._names:
            if name not in left:
                self._alone(name, count)

    def _together(self, names: list[str]) -> list[str]:
        """Those of the arrays that one direction through all of them verifies.

        Where the slope is rough beside one array's gradient, that array has a direction of its
        own, with a step that suits it.
        """
        if not names:
            return []
        self._measuring.draw(names)
        found = self._measuring.mismatch([self._measuring.whole(name) for name in names])
        self._reached = min(self._reached, found.slope.error)
        allowed = found.error + min(self._accepted(name) for name in names)
        if not found.slope.known or found.slope.kink or not abs(found.value) <= allowed:
            return []
        share = self._measuring.share
        # What is wrong with zeros may be small beside the other gradients.
        given = [name for name in names if self._measuring.lengths[name]]
        good = [n for n in given if share(n, found.error) <= tolerance.THREE_DIGITS]
        for name in good:
            self._resolve(name, found)
        return good

    def _alone(self, name: str, count: int) -> None:
        """One array, along directions of its own until its slopes are settled.

        The first is its part of the direction through all arrays: what was seen there must be
        seen in one of them. Where slopes are rough beside the gradient, it takes several.
        """
        # Not less exact than the slope through all the arrays that showed a mismatch.
        goal = min(self._measuring.goal({name}), self._reached)
        needed, agreed, unsettled = count, 0, 0
        while agreed < needed:
            if agreed or unsettled or name not in self._measuring.directions:
                self._measuring.draw([name])
            found = self._measuring.mismatch([self._measuring.whole(name)], goal=goal)
            why = self._unsettled(name, found)
            if why:
                unsettled += 1
                if unsettled > REDRAWS:
                    self._leave_open(name, why)
                    return
                continue
            if not self._agrees(name, found):
                self._refute(name, found)
                return
            self._resolve(name, found)
            agreed += 1
            needed = max(needed, tolerance.directions_for(self._measuring.share(name, found.error)))

    def _unsettled(self, name: str, found: Mismatch) -> str:
        """Why a slope says nothing about a gradient; empty if it does."""
        if not found.slope.known:
            return NOT_FINITE
        if found.slope.kink:
            return KINK
        if self._agrees(name, found):
            share = self._measuring.share(name, found.error)
            return COARSE if share > tolerance.VISIBLE else ""
        stands = self._measuring.stands([self._measuring.whole(name)], found)
        return "" if stands else DISAGREEING

    def _agrees(self, name: str, found: Mismatch) -> bool:
        return abs(found.value) <= found.error + self._accepted(name)

    def _refute(self, name: str, found: Mismatch) -> None:
        """A mismatch that stands: say which entries, or at least that other directions see it."""
        self._measuring.check_repeatable()
        self._measuring.kinks = 0
        wrong, pattern = located(self._measuring, name, found)
        if not wrong and self._measuring.kinks:
            self._leave_open(name, KINK)  # several that cancel in the whole array are seen in parts
            return
        if not wrong:
            for _ in range(AGAIN):
                self._measuring.draw([name])
                found = self._measuring.mismatch([self._measuring.whole(name)])
                if self._agrees(name, found) or self._unsettled(name, found):
                    self._leave_open(name, DISAGREEING)
                    return
            wrong, pattern = [along(name, found)], TOO_LITTLE
        self._findings.resolution.pop(name, None)
        self._findings.refute(name, wrong, pattern + self._slight(name, found, wrong))

    def _slight(self, name: str, found: Mismatch, wrong: list[Wrong]) -> str:
        """A word on errors that are all over and small beside the gradient."""
        length = self._measuring.lengths[name]
        if not length:
            return ""
        share = abs(found.value) / (self._measuring.scale[name] * length)
        size = self._measuring.gradients[name].size
        usual = length / math.sqrt(size)
        apart = [abs(w.is_ - w.should_be) / usual for w in wrong if w.index is not None]
        share = max([share, *apart])
        few = 0 < len(wrong) < min(FEW, size) and wrong[0].index is not None
        if few or not 0 < share < SLIGHT:
            return ""
        enough = 10.0 ** math.ceil(math.log10(share) + 0.5)
        return (
            f". That is {share:.0e} of the gradient, as log(y + 1e-7) in the loss would make it, "
            f"or float32 somewhere; rtol={enough:.0e} accepts it"
        )

    def _leave_open(self, name: str, why: str) -> None:
        """Undecided, unless it is the loss that is not the same twice."""
        self._measuring.check_repeatable()
        self._findings.resolution.pop(name, None)
        self._findings.inconclusive[name] = why

    def _resolve(self, name: str, found: Mismatch) -> None:
        error = found.error + self._accepted(name)
        now = self._measuring.resolution(name, error)
        before = self._findings.resolution.get(name, np.inf)
        self._findings.resolution[name] = float(min(before, now))

    def _accepted(self, name: str) -> float:
        return self._rtol * self._measuring.scale[name] * self._measuring.lengths[name]

    def entry_by_entry(self) -> None:
        """Every entry of every array, with a step of its own."""
        lengths = self._measuring.lengths
        accepted = {name: self._rtol * lengths[name] for name in self._names}
        entry_by_entry(self._measuring, self._names, accepted, self._findings)


def _numbers_of(gradient: Array) -> Array:
    """The gradient with zeros in the place of NaN and infinity."""
    if np.isfinite(largest(gradient)):
        return gradient
    return np.where(np.isfinite(gradient), gradient, 0)
