"""How much a report gives away; a teacher chooses."""

from __future__ import annotations

from enum import StrEnum

from trigrad.messages import Message


class Hints(StrEnum):
    """From the least to the most: each gives what the one before it gives, and more."""

    LAW = "law"
    """The law that is broken, and the case."""
    LINE = "line"
    """Also the lines in which the mistake is, and on which side of the layer."""
    FIX = "fix"
    """Also what the lines should be."""

    @property
    def names_lines(self) -> bool:
        """Whether the lines are given away."""
        return self is not Hints.LAW

    @property
    def shows_fix(self) -> bool:
        """Whether the fix is given away."""
        return self is Hints.FIX


def hints_named(name: str) -> Hints:
    """The level of that name.

    Raises:
        ValueError: there is none; names those that there are.
    """
    try:
        return Hints(name)
    except ValueError:
        known = ", ".join(Hints)
        raise ValueError(str(Message("argument.hints", given=repr(name), known=known))) from None
