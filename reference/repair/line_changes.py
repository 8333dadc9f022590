"""A change, cut down to the lines in which something changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from trigrad.repair.result import Change


@dataclass(frozen=True)
class LineChange:
    """Lines that become others: none before where lines are put in, none after if taken out."""

    line: int
    """The first of them; where lines are put in, the one that they stand before."""
    before: tuple[str, ...]
    after: tuple[str, ...]

    @property
    def numbers(self) -> range:
        """The numbers of the lines that are there now; of lines put in, that of the first."""
        return range(self.line, self.line + max(1, len(self.before)))


def line_changes(change: Change) -> Iterator[LineChange]:
    """The lines of a change that differ.

    Where as many lines come after as before, each is a changed with its own; lines that only trade
    places stay together.
    """
    first = change.where.line
    before = tuple(change.before.split("\n")) if change.before else ()
    after = tuple(change.after.split("\n")) if change.after else ()
    if len(before) == len(after) and sorted(before) != sorted(after):
        for line, (old, new) in enumerate(zip(before, after, strict=True), first):
            if old != new:
                yield LineChange(line, (old,), (new,))
        return
    while before and after and before[0] == after[0]:
        before, after, first = before[1:], after[1:], first + 1
    while before and after and before[-1] == after[-1]:
        before, after = before[:-1], after[:-1]
    if before or after or not change.before:  # of lines put in, the text may be withheld
        yield LineChange(first, before, after)


def without_after(change: Change) -> Iterator[Change]:
    """The places of a change and what is there now, without a word of what should be."""
    for changed in line_changes(change):
        where = replace(change.where, line=changed.line)
        yield replace(change, where=where, before="\n".join(changed.before), after="")
