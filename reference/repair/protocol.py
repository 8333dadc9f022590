"""What the search for a repair asks of the court, and what it is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from trigrad.repair.draft import Draft
from trigrad.subject.face import Face


@dataclass(frozen=True)
class Left:
    """What is still refuted of what was, on the cases that refuted it."""

    count: int
    raised: frozenset[str] = frozenset()
    """Where and what calls raise."""

    def leads_on(self, before: Left) -> bool:
        """Whether less is refuted, or an exception comes from another line."""
        moved = self.raised != before.raised and bool(self.raised and before.raised)
        return self.count < before.count or (self.count == before.count and moved)


Laws = Callable[[Face], Left]
"""Puts the refuted claims to a layer once more."""

Confirm = Callable[[Draft], "Confirmed | None"]
"""The verdict of the full trial on a draft: None where it does not pass."""


@dataclass(frozen=True)
class Confirmed:
    """A draft that passes the full trial."""

    draft: Draft
    worse: int = 0
    """How many should-claims it refutes, and kinds of input it refuses, that it did not before."""
    drawbacks: tuple[str, ...] = ()
    """The same in words."""
    short: int = 0
    """How many kinds of input it does not stand, all told: what failed may have stood none."""

    @property
    def wanting(self) -> tuple[int, int]:
        """What it leaves to be desired, the graver first."""
        return self.worse, self.short
