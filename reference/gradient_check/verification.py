"""All gradients along one direction; after a mismatch, array by array, down to the entries."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from trigrad.contracts.schema import Array
from trigrad.gradient_check.entries import entry_by_entry
from trigrad.gradient_check.entry import entry
from trigrad.gradient_check.gradient_report import Findings
from trigrad.gradient_check.locating import FEW, SAMPLE, Located, along, located
from trigrad.gradient_check.measuring import COARSE, Measuring, Mismatch, largest
from trigrad.gradient_check.point import Point
from trigrad.messages import Message
from trigrad.numerics import tolerance

NOT_FINITE = Message("gc.beside")
DISAGREEING = Message("gc.disagreeing")
TOO_LITTLE = Message("gc.too_little")

REDRAWS = 3
"""How many other directions are tried for an array whose slope is not known well enough."""

SLIGHT = 1e-4
"""Errors below this share of a gradient rarely come from a mistake in a formula."""

AGAIN = 2
"""How many other directions must confirm a mismatch for which no entry can be named."""

KINK = Message("gc.kink")


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
        self.largest = {name: largest(gradient) for name, gradient in gradients.items()}
        numbers = {
            # With zeros instead of NaN and infinity.
            name: given
            if math.isfinite(self.largest[name])
            else np.where(np.isfinite(given), given, 0)
            for name, given in gradients.items()
        }
        # SFC64 draws twice as fast as the default generator.
        self._measuring = Measuring(point, numbers, np.random.SFC64(seed))
        self._names = [
            name
            for name, given in gradients.items()
            if numbers[name] is given or self._refute_no_numbers(name, given)
        ]

    def _refute_no_numbers(self, name: str, gradient: Array) -> bool:
        """Report the entries that are NaN or infinite; the others are not checked."""
        finite = np.isfinite(gradient)
        indices = [tuple(map(int, index)) for index in np.argwhere(~finite)]
        wrong = [entry(self._measuring, name, index) for index in indices[:SAMPLE]]
        wrong = [replace(w, is_=float(gradient[w.index])) for w in wrong if w.index is not None]
        count = len(indices)
        said = Message("gc.no_numbers", number=f"{count:,}", count=count)
        self._findings.refute(name, wrong, str(said), explained=True)
        return False

    def along_directions(self, count: int) -> None:
        """All arrays along the same directions, and then one by one those that may be wrong."""
        left = self._names
        for _ in range(count):
            left = self._together(left)
        for name in self._names:
            if name not in left:
                self._alone(name, count)

    def _together(self, names: list[str]) -> list[str]:
        """The arrays whose gradients one direction through all of them verifies.

        The others need a direction of their own: those of a mismatch, and those whose gradients are
        small compared with the error of the slope.
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
        # Gradients of zeros are checked alone: what they should be may be small.
        given = [name for name in names if self._measuring.lengths[name]]
        good = [n for n in given if share(n, found.error) <= tolerance.THREE_DIGITS]
        for name in good:
            self._resolve(name, found)
        return good

    def _alone(self, name: str, count: int) -> None:
        """One array, along directions of its own.

        The first is its part of the direction through all arrays, where a mismatch was found. If
        the errors of the slopes are large compared with the gradient, several are needed.
        """
        # At least as exact as the slope through all arrays that showed the mismatch.
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
            return str(NOT_FINITE)
        if found.slope.kink:
            return str(KINK)
        if self._agrees(name, found):
            share = self._measuring.share(name, found.error)
            return str(COARSE) if share > tolerance.VISIBLE else ""
        is_confirmed = self._measuring.confirmed([self._measuring.whole(name)], found)
        return "" if is_confirmed else str(DISAGREEING)

    def _agrees(self, name: str, found: Mismatch) -> bool:
        return abs(found.value) <= found.error + self._accepted(name)

    def _refute(self, name: str, found: Mismatch) -> None:
        """Report a confirmed mismatch: which entries are wrong, or at least that the array is."""
        self._measuring.check_repeatable()
        self._measuring.kinks = 0
        here = located(self._measuring, name, found)
        if not here.wrong and self._measuring.kinks:
            self._leave_open(name, str(KINK))  # they cancelled in the whole array, not in its parts
            return
        if not here.wrong:
            for _ in range(AGAIN):
                self._measuring.draw([name])
                found = self._measuring.mismatch([self._measuring.whole(name)])
                if self._agrees(name, found) or self._unsettled(name, found):
                    self._leave_open(name, str(DISAGREEING))
                    return
            here = Located([along(name, found)], str(TOO_LITTLE))
        self._findings.resolution.pop(name, None)
        slight = self._slight(name, found, here)
        explained = here.explained or bool(slight)
        self._findings.refute(name, here.wrong, slight or here.pattern, explained=explained)

    def _slight(self, name: str, found: Mismatch, here: Located) -> str:
        """The pattern, and that the errors are everywhere and small compared with the gradient;
        "" if they are not."""
        wrong = here.wrong
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
        return str(
            Message("gc.slight", pattern=here.pattern, share=f"{share:.0e}", rtol=f"{enough:.0e}")
        )

    def _leave_open(self, name: str, why: str) -> None:
        """The array is undecided; raises if the loss is not deterministic."""
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
