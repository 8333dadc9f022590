"""Which lines are suspected, where no change of them was found that is verified."""

from __future__ import annotations

from dataclasses import dataclass, field

from trigrad.repair.draft import Option
from trigrad.repair.screening import Standing
from trigrad.subject.face import Where
from trigrad.subject.source.text import lines_of

MOST_LINES = 3
"""More lines than these help nobody."""

NEARER = 0.9
"""An edit speaks for its line when it takes away a tenth of what is wrong."""


@dataclass
class Suspicion:
    """How near to right the best edit of each line brings the layer."""

    _best: dict[tuple[str, int], tuple[float, Option]] = field(default_factory=dict)

    def note(self, option: Option, before: Standing, after: Standing) -> None:
        """An edit was tried: does it change what is refuted, and nothing that was right?"""
        if after.loses(before) or after.distance > NEARER * before.distance:
            return
        self._keep(option, after.distance)

    def note_law(self, option: Option) -> None:
        """An edit makes a law hold in a layer whose single calls are right."""
        self._keep(option, 0.0)

    def _keep(self, option: Option, distance: float) -> None:
        key = (option.unit.chunk.label, option.line)
        if key not in self._best or distance < self._best[key][0]:
            self._best[key] = distance, option

    def lines(self) -> tuple[Where, ...]:
        """The likeliest first: those whose best edit takes away most; of equals the cheaper."""
        ranked = sorted(self._best.values(), key=lambda pair: (round(pair[0], 3), pair[1].cost))
        return tuple(_where(option) for _, option in ranked[:MOST_LINES])


def _where(option: Option) -> Where:
    chunk = option.unit.chunk
    text = lines_of(chunk.text)[option.line - 1].strip()
    return Where(chunk.file, chunk.cell, option.line, text)
