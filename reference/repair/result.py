"""What a search for a repair comes to: changes that are verified, or lines that are suspected."""

from __future__ import annotations

from dataclasses import dataclass

from trigrad.subject.face import Where


@dataclass(frozen=True)
class Change:
    """Whole lines of a learner's text, as they are and as they should be.

    `before` and `after` are lines joined by newlines, in the learner's own formatting, with their
    indentation and comments. `before` is empty where lines are put in, in front of `where`'s line;
    `after` is empty where lines are taken out.
    """

    where: Where
    """The first line, in the cell or file."""
    before: str
    after: str
    path: str = ""
    """The resolved path of the file that has it; empty where there is none (a module's name)."""
    block: int = 0
    """Which of a page's fenced blocks it is in, where it is in one."""

    @property
    def lines(self) -> range:
        """The numbers of the lines as they are; that of the line behind what is put in."""
        return range(self.where.line, self.where.line + max(1, len(self.before.splitlines())))


@dataclass(frozen=True)
class Repair:
    """The changes with which a layer passes, or where the mistake may be.

    Only what all three witnesses have confirmed is in `changes`.
    """

    changes: tuple[Change, ...] = ()
    """In the order of the text; empty where no repair was found."""
    suspects: tuple[Where, ...] = ()
    """Where none was found: lines whose edits change what is refuted most, the likeliest first."""
    tried: int = 0
    """How many edits were tried."""
    seconds: float = 0.0
    drawbacks: tuple[str, ...] = ()
    """What is worse with the changes than it was, though nothing is refuted any more: in words."""
    overdue: bool = False
    """Whether the time limit ended the search: on another day it may find something else."""
    forward: tuple[Change, ...] = ()
    """Without changes: the first one tried that makes forward right, though not the gradients."""

    @property
    def verified(self) -> bool:
        """Whether there are changes that all three witnesses have confirmed."""
        return bool(self.changes)
