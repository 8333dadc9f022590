"""A change, reduced to the lines that differ."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from trigrad.repair.result import Change
from trigrad.subject.source.text import lines_of


@dataclass(frozen=True)
class LineChange:
    """Lines that are replaced: `before` is empty for an insertion, `after` for a deletion."""

    line: int
    """The first of them; for an insertion, the line that follows it."""
    before: tuple[str, ...]
    after: tuple[str, ...]

    @property
    def numbers(self) -> range:
        """The numbers of the lines that are there now; for an insertion, that of the next line."""
        return range(self.line, self.line + max(1, len(self.before)))


def line_changes(change: Change) -> Iterator[LineChange]:
    """The lines of a change that differ.

    Where there are as many lines after as before, each has a change of its own; lines that only
    exchange their places stay together.
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
    if before or after or not change.before:  # an insertion's text may be withheld
        yield LineChange(first, before, after)


def without_after(change: Change) -> Iterator[Change]:
    """The places of a change and what is there now, without what should be there."""
    for changed in line_changes(change):
        where = replace(change.where, line=changed.line)
        yield replace(change, where=where, before="\n".join(changed.before), after="")


def text_with(text: str, changes: Iterable[Change]) -> str:
    """The text of a cell or file with changes of it made."""
    lines = lines_of(text)
    for change in sorted(changes, key=lambda c: (c.where.line, bool(c.before)), reverse=True):
        start = change.where.line - 1
        count = len(change.before.split("\n")) if change.before else 0
        lines[start : start + count] = change.after.split("\n") if change.after else []
    return "\n".join(lines)
