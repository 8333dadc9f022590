"""The search for the smallest and most natural change with which a layer passes.

Edits are tried in the order of how natural they are, on a few cases; the first that survives is
judged by every claim, and shown if it passes. Edits that put one quantity right are combined with
each other, and edited further: a uniform-cost search, in which every further edit costs MORE.
"""

from __future__ import annotations

import contextlib
import heapq
import itertools
import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from trigrad.repair.draft import HELPER, Draft, Option
from trigrad.repair.editable_text import Unit
from trigrad.repair.protocol import Confirm, Confirmed, Laws, Left
from trigrad.repair.result import Repair
from trigrad.repair.screening import Level, Screen, Standing
from trigrad.repair.suspicion import Suspicion
from trigrad.subject.face import Face
from trigrad.subject.rebuilding import DefinitionText

MOST_EDITS = 3
"""More than so many changes are not a repair but another layer."""

MORE = 0.4
"""By how much a change is less natural with one more edit."""

FURTHER = 4
"""So many half-way repairs are edited further: each has a neighbourhood of its own."""

HARMLESS = 0.5
"""A repair that makes something worse stands back behind others that cost at most so much more."""

FULLER = 0.75
"""One that does not stand every kind of input stands back behind others that stand more of them."""

AGAIN = 1.0
"""So many times as many edits as it took to find such a repair are tried for a better one."""

AT_LEAST = 60
"""So many are in any case."""

OTHER_SIDE = 1.0
"""By how much an edit is less likely in a pass that is right."""

PATIENCE = 0.02
"""The share of a claim's time limit that an edited layer has for the few cases."""


class OutOfTimeError(Exception):
    """The time for one layer is over."""


@dataclass
class _Round:
    """A draft that is edited further, and which of its edits put something right."""

    draft: Draft
    glance: Standing
    before: Standing
    refuted: Left
    half: list[tuple[Option, Standing]] = field(default_factory=list)


_Options = Iterator[tuple[float, Option]]
"""Edits of one unit with what each costs where it is tried."""

_Try = Callable[[], Draft | None]
"""One step of the search; the repair where it finds it."""


@dataclass
class Search:
    """One search, for one layer."""

    rebuild: Callable[[Sequence[DefinitionText]], Face]
    screen: Screen
    laws: Laws
    confirm: Confirm
    until: float
    """On the monotonic clock."""
    limited: bool
    """Whether a layer that hangs is stopped; otherwise text with a `while` is not edited."""
    frozen: frozenset[Unit] = frozenset()
    """Units that are not edited: layers and functions that pass as they are."""
    tried: int = 0
    suspicion: Suspicion = field(default_factory=Suspicion)

    def __post_init__(self) -> None:
        self._queue: list[tuple[float, int, _Try]] = []
        self._number = itertools.count()
        self._further = FURTHER
        self._fallback: Confirmed | None = None
        self._dearest = math.inf
        """What a repair may cost that is looked for in the place of the one there is."""
        self._last = math.inf
        """How many edits are tried altogether where there is one."""

    def run(self, start: Draft) -> Repair:
        """The repair, or the lines that are suspected."""
        began = time.monotonic()
        found: Draft | None = None
        drawbacks: tuple[str, ...] = ()
        with contextlib.suppress(OutOfTimeError):  # what was found by then counts
            found = self._found(start)
        if found is None and self._fallback is not None:
            found, drawbacks = self._fallback.draft, self._fallback.drawbacks
        seconds = time.monotonic() - began
        if found is not None:
            return Repair(found.changes(), (), self.tried, seconds, drawbacks)
        return Repair((), self.suspicion.lines(), self.tried, seconds)

    def _found(self, start: Draft) -> Draft | None:
        """The cheapest draft that passes; None where there is none."""
        self._push(0.0, partial(self._begin, start, 0.0))
        while self._queue:
            cost, _, step = heapq.heappop(self._queue)
            if cost > self._dearest or self.tried >= self._last:
                return None
            found = step()
            if found is not None:
                return found
        return None

    def _push(self, cost: float, step: _Try) -> None:
        heapq.heappush(self._queue, (cost, next(self._number), step))

    def _begin(self, draft: Draft, paid: float) -> Draft | None:
        """Take up the edits of a draft for which `paid` has been paid."""
        face = self._face(draft)
        glance, before = self.screen.glance(face), self.screen.standing(face)
        refuted = self.laws(face) if before.right else Left(0)
        here = _Round(draft, glance, before, refuted)
        for unit in draft.units:
            if unit not in self.frozen and (self.limited or not unit.loops):
                at_least = paid if unit.own else paid + HELPER
                self._push(at_least, partial(self._open, here, unit, paid))
        return None

    def _open(self, here: _Round, unit: Unit, paid: float) -> None:
        """Take up the edits of one unit: finding them takes time of its own."""
        self._in_time()
        self._next(here, self._ordered(here, unit), paid)

    def _next(self, here: _Round, options: _Options, paid: float) -> None:
        """Put the next edit of a unit into the queue."""
        following = next(options, None)
        if following is not None:
            cost, option = following
            self._push(paid + cost, partial(self._try, here, options, option, paid, cost))

    def _try(
        self, here: _Round, options: _Options, option: Option, paid: float, cost: float
    ) -> Draft | None:
        """Try one edit of a draft."""
        self._next(here, options, paid)
        edited = here.draft.with_options([option])
        face = self._face(edited)
        self.tried += 1
        glance = self.screen.glance(face)
        first = here.draft.edits == 0
        if first:
            self.suspicion.note(option, here.glance, glance)
        if not _leads_on(here.glance, glance):
            return None
        standing = self.screen.standing(face)
        if not _leads_on(here.before, standing):
            return None
        left = self.laws(face) if standing.right else None
        if left is not None and not left.count:
            return self._confirmed(edited, paid + cost)
        fewer = left is not None and left.leads_on(here.refuted)
        if not (standing.gains(here.before) or fewer):
            return None
        if first and fewer:
            self.suspicion.note_law(option)
        self._follow(here, option, standing, paid, cost)
        return None

    def _follow(
        self, here: _Round, option: Option, standing: Standing, paid: float, cost: float
    ) -> None:
        """Go on from an edit that puts something right: with the others that do, and further."""
        for others in _completing(here, option, standing):
            if here.draft.edits + 1 + len(others) > MOST_EDITS:
                continue
            # That each of them puts something right is worth more than the sum of their costs.
            dearest = max(edit.cost for edit in (option, *others))
            total = paid + dearest + MORE * len(others)
            self._push(total, partial(self._try_all, here, [option, *others], total))
        here.half.append((option, standing))
        edited = here.draft.with_options([option])
        if edited.edits < MOST_EDITS and self._further:
            self._further -= 1
            so_far = paid + cost + MORE
            self._push(so_far, partial(self._begin, edited, so_far))

    def _try_all(self, here: _Round, options: Sequence[Option], paid: float) -> Draft | None:
        """Try several edits of a draft together."""
        edited = here.draft.with_options(options)
        face = self._face(edited)
        self.tried += 1
        if self.screen.standing(face).right and not self.laws(face).count:
            return self._confirmed(edited, paid)
        return None

    def _ordered(self, here: _Round, unit: Unit) -> _Options:
        """The edits of a unit with their costs here, the most likely first."""
        output, *gradients = (level is Level.RIGHT for level in here.before.levels)
        other = "forward" if output else "backward"
        if here.before.right or not (output or all(gradients)):
            other = ""  # either may be wrong
        unlikely: list[tuple[float, Option]] = []
        for option in here.draft.options_of(unit, self._in_time):
            if not other or option.side != other:
                while unlikely and unlikely[0][0] <= option.cost:
                    yield unlikely.pop(0)
                yield option.cost, option
            else:
                unlikely.append((option.cost + OTHER_SIDE, option))
        yield from unlikely

    def _confirmed(self, draft: Draft, cost: float) -> Draft | None:
        """The draft, if it passes the full trial and leaves nothing to be desired."""
        confirmed = self.confirm(draft)
        if confirmed is None:
            return None
        if not any(confirmed.wanting):
            return draft
        self._dearest = min(self._dearest, cost + (HARMLESS if confirmed.worse else FULLER))
        if self._fallback is None or confirmed.wanting < self._fallback.wanting:
            self._fallback = confirmed
            if not confirmed.worse:
                more = max(AGAIN * self.tried, AT_LEAST)
                self._last = min(self._last, self.tried + more)
        return None

    def _in_time(self) -> None:
        if time.monotonic() > self.until:
            raise OutOfTimeError

    def _face(self, draft: Draft) -> Face:
        self._in_time()
        face = self.rebuild(draft.pieces())
        face.start_clock(PATIENCE, self.until - time.monotonic())
        return face


def _leads_on(before: Standing, after: Standing) -> bool:
    """Whether an edit takes nothing away, and brings something where a quantity is wrong."""
    return after.gains(before) or (before.right and after.right)


def _completing(here: _Round, option: Option, standing: Standing) -> Iterator[list[Option]]:
    """One or two earlier edits that put right, with this one, everything that is wrong."""
    apart = [(o, s) for o, s in here.half if option.agrees_with(o)]
    for one, its in apart:
        if _all_right([standing, its]):
            yield [one]
    for (one, its), (two, other) in itertools.combinations(apart, 2):
        together = _all_right([standing, its, other])
        fewer = _all_right([standing, its]) or _all_right([standing, other])
        if together and not fewer and not _all_right([its, other]) and one.agrees_with(two):
            yield [one, two]


def _all_right(standings: Sequence[Standing]) -> bool:
    """Whether every quantity is right in one of them."""
    columns = zip(*(standing.levels for standing in standings), strict=True)
    return all(max(column) is Level.RIGHT for column in columns)
