"""What the search for a repair asks of the claims, and what it gets back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from trigrad.repair.draft import Draft
from trigrad.repair.screening import Standing
from trigrad.subject.face import Face


@dataclass(frozen=True)
class Remaining:
    """Which of the claims that were refuted still are, on the cases that refuted them."""

    count: int
    raised: frozenset[str] = frozenset()
    """Each exception that a call raises, with its line: see `Evidence.kind`."""

    def improves_on(self, before: Remaining) -> bool:
        """Whether fewer claims are refuted than before, or an exception comes from another line."""
        moved = self.raised != before.raised and bool(self.raised and before.raised)
        return self.count < before.count or (self.count == before.count and moved)


class Glances(Protocol):
    """What an edited text computes on a few cases."""

    def glance(self, face: Face) -> Standing:
        """On the first case."""
        ...

    def standing(self, face: Face) -> Standing:
        """On all of them."""
        ...


Laws = Callable[[Face], Remaining]
"""Checks the refuted claims once more, on an edited layer."""

Confirm = Callable[[Draft], "Confirmed | None"]
"""The verdict of the full trial on a draft: None where it does not pass."""


@dataclass(frozen=True)
class Confirmed:
    """A draft that passes the full trial."""

    draft: Draft
    worse: int = 0
    """How many should-claims are newly refuted, and kinds of input newly refused."""
    drawbacks: tuple[str, ...] = ()
    """The same in sentences, for the screen."""
    short: int = 0
    """How many kinds of input (labels, extreme values) it cannot handle, new or not, of those that
    its text has the beginnings of."""

    @property
    def defects(self) -> tuple[int, int]:
        """What is still wrong with it, the graver first: (0, 0) is a repair without defects."""
        return self.worse, self.short
