"""The search for the cheapest change with which a layer passes.

Edits are tried in the order of their costs (`edits/costs.py`), on a few cases; the first that is
right on them is judged by every claim, and shown if it passes. Edits that make one quantity right
are combined with each other, and edited further: a uniform-cost search, in which every further
edit costs MORE.
"""

from __future__ import annotations

import contextlib
import heapq
import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from trigrad.repair.combining import Partial, completing
from trigrad.repair.draft import Draft, Option
from trigrad.repair.editable_text import Unit
from trigrad.repair.edits.costs import HELPER, MORE, OTHER_SIDE
from trigrad.repair.effort import CONFIRMED, HUNG, LISTED, Effort, EndedError
from trigrad.repair.fallback import Fallback
from trigrad.repair.protocol import Confirm, Glances, Laws, Remaining
from trigrad.repair.result import Repair
from trigrad.repair.screening import Level, Standing
from trigrad.repair.suspicion import Suspicion
from trigrad.subject.face import Face
from trigrad.subject.rebuilding import DefinitionText

MOST_EDITS = 3
"""A repair has at most so many edits."""

FURTHER = 4
"""At most so many partial repairs are edited further: each has a neighbourhood of its own."""

PATIENCE = 0.05
"""The share of a claim's time limit that an edited layer has for the cases of the screen: a hundred
times what they take, so that a busy machine makes none of them late."""


T = TypeVar("T")


@dataclass
class _Round:
    """A draft whose edits are tried, and which of them made something right."""

    draft: Draft
    glance: Standing
    """What the draft itself computes on the first case."""
    before: Standing
    """The same on all cases."""
    refuted: Remaining
    partial_repairs: list[Partial] = field(default_factory=list)


_Options = Iterator[tuple[float, Option]]
"""Edits of one unit with what each costs where it is tried."""

_Try = Callable[[], Draft | None]
"""One step of the search; the repair where it finds it."""


@dataclass
class Search:
    """One search, for one layer."""

    rebuild: Callable[[Sequence[DefinitionText]], Face]
    screen: Glances
    laws: Laws
    confirm: Confirm
    effort: Effort
    limited: bool
    """Whether a layer that hangs is stopped; otherwise text with a `while` is not edited."""
    frozen: frozenset[Unit] = frozenset()
    """Units that are not edited: optimisers, and layers and functions that pass as they are."""
    as_written: bool = False
    """Whether nothing but forward itself says what it should be: backward is edited first."""
    tried: int = 0
    suspicion: Suspicion = field(default_factory=Suspicion)

    def __post_init__(self) -> None:
        self._queue: list[tuple[float, int, _Try]] = []
        self._number = itertools.count()
        self._further = FURTHER
        self._fallback = Fallback()
        self._forward: Draft | None = None

    def run(self, start: Draft, mended: Draft | None = None) -> Repair:
        """The repair, or the lines that are suspected.

        `mended` is the text in which helpers have repairs of their own: it is tried first.
        """
        began = time.monotonic()
        found: Draft | None = None
        drawbacks: tuple[str, ...] = ()
        with contextlib.suppress(EndedError):  # what was found by then counts
            found = self._found(start, mended)
        if found is None and self._fallback.best is not None:
            found, drawbacks = self._fallback.best.draft, self._fallback.best.drawbacks
        seconds = time.monotonic() - began
        changes = found.changes() if found is not None else ()
        suspects = () if changes else self.suspicion.lines()
        forward = self._forward.changes() if self._forward is not None and not changes else ()
        overdue = self.effort.overdue
        return Repair(
            *(changes, suspects, self.tried, seconds, drawbacks), overdue=overdue, forward=forward
        )

    def _found(self, start: Draft, mended: Draft | None) -> Draft | None:
        """The cheapest draft that passes; None where there is none."""
        if mended is not None and mended.edits:
            self._push(0.0, partial(self._try_whole, mended, 0.0))
        self._push(0.0, partial(self._begin, start, 0.0))
        while self._queue:
            cost, _, step = heapq.heappop(self._queue)
            if self._fallback.ends(cost, self.tried):
                return None
            found = step()
            if found is not None:
                return found
        return None

    def _push(self, cost: float, step: _Try) -> None:
        heapq.heappush(self._queue, (cost, next(self._number), step))

    def _begin(self, draft: Draft, paid: float) -> Draft | None:
        """Queue the units of a draft, the edits of which cost `paid` so far."""
        face = self._face(draft)
        glance, before = self._glance(face), self._standing(face)
        refuted = self._left(face) if before.right else Remaining(0)
        here = _Round(draft, glance, before, refuted)
        for unit in draft.units:
            if unit not in self.frozen and (self.limited or not unit.loops):
                at_least = paid if unit.own else paid + HELPER
                self._push(at_least, partial(self._open, here, unit, paid))
        return None

    def _open(self, here: _Round, unit: Unit, paid: float) -> None:
        """Start to list the edits of one unit, which takes time of its own."""
        self.effort.in_time()
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
        glance = self._glance(face)
        first = here.draft.edits == 0
        if first:
            self.suspicion.note(option, here.glance, glance)
        if not glance.is_worth_following(here.glance):
            return None
        standing = self._standing(face)
        if first and self._forward is None and standing.output_gains(here.before):
            self._forward = edited
        if not standing.is_worth_following(here.before):
            return None
        left = self._left(face) if standing.right else None
        if left is not None and not left.count:
            return self._confirmed(edited, paid + cost)
        fewer = left is not None and left.improves_on(here.refuted)
        if not (standing.gains(here.before) or fewer):
            return None
        if first and fewer:
            self.suspicion.note_law(option)
        self._follow(here, option, standing, paid, cost)
        return None

    def _follow(
        self, here: _Round, option: Option, standing: Standing, paid: float, cost: float
    ) -> None:
        """Queue what an edit that makes something right may lead to, with others and further."""
        for others in completing(here.partial_repairs, option, standing):
            if here.draft.edits + 1 + len(others) > MOST_EDITS:
                continue
            # Each makes something right, so together they are likelier than their costs' sum says.
            highest = max(edit.cost for edit in (option, *others))
            total = paid + highest + MORE * len(others)
            self._push(total, partial(self._try_all, here, [option, *others], total))
        here.partial_repairs.append((option, standing))
        edited = here.draft.with_options([option])
        if edited.edits < MOST_EDITS and self._further:
            self._further -= 1
            so_far = paid + cost + MORE
            self._push(so_far, partial(self._begin, edited, so_far))

    def _try_all(self, here: _Round, options: Sequence[Option], paid: float) -> Draft | None:
        """Try several edits of a draft together."""
        return self._try_whole(here.draft.with_options(options), paid)

    def _try_whole(self, edited: Draft, paid: float) -> Draft | None:
        """Try a draft that is not followed further."""
        face = self._face(edited)
        self.tried += 1
        if self._standing(face).right and not self._left(face).count:
            return self._confirmed(edited, paid)
        return None

    def _ordered(self, here: _Round, unit: Unit) -> _Options:
        """The edits of a unit with their costs here, the most likely first."""
        output, *gradients = (level is Level.RIGHT for level in here.before.levels)
        other = "forward" if output else "backward"
        if here.before.right or not (output or all(gradients)):
            other = ""  # either pass may be wrong
        unlikely: list[tuple[float, Option]] = []
        for option in here.draft.options_of(unit, partial(self.effort.spend, LISTED)):
            kept = self.as_written and option.inside == "forward"
            if not kept and (not other or option.side != other):
                while unlikely and unlikely[0][0] <= option.cost:
                    yield unlikely.pop(0)
                yield option.cost, option
            else:
                unlikely.append((option.cost + OTHER_SIDE, option))
        yield from unlikely

    def _confirmed(self, draft: Draft, cost: float) -> Draft | None:
        """The draft, if it passes the full trial without a defect; others are remembered."""
        self.effort.spend(CONFIRMED)
        confirmed = self.confirm(draft)
        if confirmed is None:
            return None
        if not any(confirmed.defects):
            return draft
        self._fallback.note(confirmed, cost, self.tried)
        return None

    def _face(self, draft: Draft) -> Face:
        self.effort.spend(1)
        face = self.rebuild(draft.pieces())
        face.start_clock(PATIENCE, self.effort.seconds)
        return face

    def _glance(self, face: Face) -> Standing:
        """What a layer computes on the first case."""
        return self._returned(face, self.screen.glance(face))

    def _standing(self, face: Face) -> Standing:
        """What a layer computes on all cases."""
        return self._returned(face, self.screen.standing(face))

    def _left(self, face: Face) -> Remaining:
        """Which of the refuted claims are still refuted of a layer whose values are right."""
        return self._returned(face, self.laws(face))

    def _returned(self, face: Face, found: T) -> T:
        if face.over:
            self.effort.spend(HUNG)
        return found
