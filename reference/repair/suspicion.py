"""Which lines are suspected, if no verified repair was found."""

from __future__ import annotations

from dataclasses import dataclass, field

from trigrad.repair.draft import Option
from trigrad.repair.screening import Standing
from trigrad.subject.face import Where
from trigrad.subject.source.text import lines_of

MOST_LINES = 3
"""At most so many lines are shown."""

NEARER = 0.9
"""A line is suspected if one of its edits leaves at most this share of the distance from right."""


@dataclass
class Suspicion:
    """For each line, the edit of it that brings the layer nearest to right."""

    _best: dict[tuple[str, int], tuple[float, Option]] = field(default_factory=dict)

    def note(self, option: Option, before: Standing, after: Standing) -> None:
        """Remember a tried edit if it makes the layer better and nothing worse."""
        if after.loses(before) or after.distance > NEARER * before.distance:
            return
        self._keep(option, after.distance)

    def note_law(self, option: Option) -> None:
        """Remember an edit with which a refuted law holds, in a layer whose values are right."""
        self._keep(option, 0.0)

    def _keep(self, option: Option, distance: float) -> None:
        key = (option.unit.chunk.label, option.line)
        if key not in self._best or distance < self._best[key][0]:
            self._best[key] = distance, option

    def lines(self) -> tuple[Where, ...]:
        """The likeliest first: nearest to right with its best edit; of equals, the cheapest."""
        ranked = sorted(self._best.values(), key=lambda pair: (round(pair[0], 3), pair[1].cost))
        return tuple(_where(option) for _, option in ranked[:MOST_LINES])


def _where(option: Option) -> Where:
    chunk = option.unit.chunk
    text = lines_of(chunk.text)[option.line - 1].strip()
    return Where(chunk.file, chunk.cell, option.line, text)
