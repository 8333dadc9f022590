"""An edit: one piece of text in place of another, everything around it untouched."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Edit:
    """A change to one expression, statement or block of a text."""

    start: int
    end: int
    """From which character to which (the latter excluded) the text is replaced."""
    replacement: str
    kind: str
    """What is done, in a word or two: a key of `costs.COSTS`."""
    cost: float = 0.0
    """Of two edits that repair a layer, the one with the lower cost is shown: see `costs.py`."""

    def overlaps(self, other: Edit) -> bool:
        """Whether both touch the same characters, or insert something at the same place."""
        if self.start == self.end or other.start == other.end:
            return self.start <= other.end and other.start <= self.end
        return self.start < other.end and other.start < self.end


def applied(text: str, edits: Iterable[Edit]) -> str:
    """The text with all the edits made.

    Raises:
        ValueError: two of them overlap.
    """
    ordered = sorted(edits, key=lambda edit: edit.start)
    if any(one.overlaps(other) for one, other in itertools.pairwise(ordered)):
        raise ValueError("two edits touch the same text")
    for edit in reversed(ordered):
        text = text[: edit.start] + edit.replacement + text[edit.end :]
    return text
