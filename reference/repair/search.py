"""The search for the smallest and most natural change with which a layer passes.

Edits are tried in the order of how natural they are, on a few cases; the first that survives is
judged by every claim, and shown if it passes. Where no single edit suffices, those that put one
quantity right are combined, and then edited further.
"""

from __future__ import annotations

import contextlib
import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from reference.repair.draft import Draft, Option
from reference.repair.outcome import Repair
from reference.repair.screening import Level, Screen, Standing
from reference.repair.suspicion import Suspicion
from reference.subject.face import Face
from reference.subject.rebuilding import Piece

MOST_EDITS = 3
"""More than so many changes are not a repair but another layer."""

BEAM = 2
"""So many half-way repairs are edited further."""

AS_NATURAL = 1.0
"""A repair that makes something worse stands back behind others that cost this much more."""

OTHER_SIDE = 4.0
"""By how much an edit is less likely in a pass that is right."""

PATIENCE = 0.02
"""The share of a claim's time limit that an edited layer has for the few cases."""

Laws = Callable[[Face], int]
"""How many of the refuted claims a layer still refutes on the cases that refuted them."""

Confirm = Callable[[Draft], "Confirmed | None"]
"""The verdict of the full trial on a draft: None where it does not pass."""


@dataclass(frozen=True)
class Confirmed:
    """A draft that passes the full trial."""

    draft: Draft
    worse: int
    """How many should-claims it refutes, and kinds of input it refuses, that it did not before."""


class OutOfTimeError(Exception):
    """The time for one layer is over."""


@dataclass
class Search:
    """One search, for one layer."""

    rebuild: Callable[[Sequence[Piece]], Face]
    screen: Screen
    laws: Laws
    confirm: Confirm
    until: float
    """On the monotonic clock."""
    limited: bool
    """Whether a layer that hangs is stopped; otherwise text with a `while` is not edited."""
    tried: int = 0
    suspicion: Suspicion = field(default_factory=Suspicion)
    _fallback: Confirmed | None = None

    def run(self, start: Draft) -> Repair:
        """The repair, or the lines that are suspected."""
        began = time.monotonic()
        found: Draft | None = None
        with contextlib.suppress(OutOfTimeError):  # what was found by then counts
            found = self._from(start)
        if found is None and self._fallback is not None:
            found = self._fallback.draft
        seconds = time.monotonic() - began
        if found is not None:
            return Repair(found.changes(), (), self.tried, seconds)
        return Repair((), self.suspicion.lines(), self.tried, seconds)

    def _from(self, start: Draft) -> Draft | None:
        """Rounds of edits, each on what the one before brought furthest."""
        drafts = [start]
        for _ in range(MOST_EDITS):
            further: list[tuple[Draft, Standing, float]] = []
            for draft in drafts:
                found = self._round(draft, further)
                if found is not None:
                    return found
            further.sort(key=lambda f: (-sum(f[1].levels), f[2], f[0].cost))
            drafts = [draft for draft, _, _ in further[:BEAM]]
            drafts = [draft for draft in drafts if draft.edits < MOST_EDITS]
        return None

    def _round(self, draft: Draft, further: list[tuple[Draft, Standing, float]]) -> Draft | None:
        """The single edits of a draft, then those that put different quantities right together."""
        face = self._face(draft)
        if face is None:
            return None
        glanced, before = self.screen.glance(face), self.screen.standing(face)
        refuted = self.laws(face) if before.right else 0
        partial: list[tuple[Option, Standing]] = []
        for option in self._ordered(draft, before):
            if self._fallback and option.cost > self._fallback.draft.cost + AS_NATURAL:
                break
            edited = draft.with_options([option])
            face = self._face(edited)
            if face is None:
                continue
            self.tried += 1
            face.start_clock(PATIENCE)
            glance = self.screen.glance(face)
            if draft.edits == 0:
                self.suspicion.note(option, glanced, glance)
            if glance.loses(glanced) or (glance.levels == glanced.levels and not glanced.right):
                continue
            standing = self.screen.standing(face)
            if standing.loses(before) or (standing.levels == before.levels and not before.right):
                continue
            left = self.laws(face) if standing.right else -1
            if left == 0:
                found = self._confirmed(edited)
                if found is not None:
                    return found
            elif standing.gains(before) or 0 < left < refuted:
                partial.append((option, standing))
                further.append((edited, standing, left))
                if draft.edits == 0:
                    self.suspicion.note_law(option, left < refuted)
        return self._combined(draft, partial)

    def _ordered(self, draft: Draft, before: Standing) -> list[Option]:
        forward_right = before.levels[0] is Level.RIGHT
        other = "backward" if not forward_right else "" if before.right else "forward"

        def cost(option: Option) -> float:
            return option.cost + (OTHER_SIDE if other and option.side == other else 0.0)

        options = draft.options()
        if not self.limited:
            options = [option for option in options if not option.unit.loops]
        return sorted(options, key=cost)

    def _combined(self, draft: Draft, partial: Sequence[tuple[Option, Standing]]) -> Draft | None:
        """Edits each of which puts something right, together; the most natural first."""
        for options in _combinations(partial, MOST_EDITS - draft.edits):
            edited = draft.with_options(options)
            face = self._face(edited)
            if face is None:
                continue
            self.tried += 1
            face.start_clock(PATIENCE)
            standing = self.screen.standing(face)
            if standing.right and self.laws(face) == 0:
                found = self._confirmed(edited)
                if found is not None:
                    return found
        return None

    def _confirmed(self, draft: Draft) -> Draft | None:
        """The draft, if it passes the full trial and makes nothing worse."""
        confirmed = self.confirm(draft)
        if confirmed is None:
            return None
        if not confirmed.worse:
            return draft
        if self._fallback is None or confirmed.worse < self._fallback.worse:
            self._fallback = confirmed
        return None

    def _face(self, draft: Draft) -> Face | None:
        if time.monotonic() > self.until:
            raise OutOfTimeError
        pieces = draft.pieces()
        return None if pieces is None else self.rebuild(pieces)


def _combinations(partial: Sequence[tuple[Option, Standing]], most: int) -> Iterator[list[Option]]:
    """Sets of edits that do not touch each other and together put everything right."""
    sets: list[tuple[float, list[Option]]] = []
    for count in range(2, most + 1):
        for chosen in itertools.combinations(partial[:40], count):
            columns = zip(*(standing.levels for _, standing in chosen), strict=True)
            if any(max(column) is not Level.RIGHT for column in columns):
                continue
            options = [option for option, _ in chosen]
            pairs = itertools.combinations(options, 2)
            if all(one.agrees_with(other) for one, other in pairs):
                sets.append((count * 100 + sum(option.cost for option in options), options))
    sets.sort(key=lambda pair: pair[0])
    yield from (options for _, options in sets[:20])
