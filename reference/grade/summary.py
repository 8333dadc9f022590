"""What a run came to, in a few numbers: for the screen and for the exit status."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from trigrad.grade.record import Outcome, Record, Run
from trigrad.grade.views.marks import Mark, mark_of


@dataclass
class ItemSummary:
    """One item of the rubric over the whole class."""

    of: float
    points: float = 0.0
    """Of all students together."""
    full: int = 0
    """How many have all points."""


@dataclass
class Summary:
    """The records of a class, counted."""

    graded: int = 0
    points: float = 0.0
    """Of all who were graded."""
    items: dict[str, ItemSummary] = field(default_factory=dict)
    mistakes: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How many students made each, by the layer and the words."""
    not_graded: list[tuple[str, str]] = field(default_factory=list)
    """The names, and why."""
    undecided: list[tuple[str, str]] = field(default_factory=list)
    """Whose layers somebody has to look at: the name and the layer."""

    @property
    def exit_status(self) -> int:
        """0: all are graded; 1: some could not be; 2: none."""
        if not self.graded:
            return 2
        return 1 if self.not_graded else 0


def summary_of(run: Run, records: Iterable[Record]) -> Summary:
    """Go through the records once."""
    found = Summary(items={item.name: ItemSummary(item.of) for item in run.items})
    for record in records:
        if record.outcome is not Outcome.GRADED:
            found.not_graded.append((record.name, record.why or ""))
            continue
        found.graded += 1
        found.points += record.grade.points or 0.0
        for item in record.grade.items:
            its = found.items.setdefault(item.name, ItemSummary(item.of))
            its.points += item.points
            its.full += item.points == item.of
        found.mistakes.update({(mistake.layer, mistake.what) for mistake in record.mistakes})
        found.undecided += [
            (record.name, item.name)
            for item in record.grade.items
            if mark_of(record, item) is Mark.UNDECIDED
        ]
    return found
