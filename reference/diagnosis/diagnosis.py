"""What is said of a failing layer: on which side the mistake is, and the mistake in words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Side(StrEnum):
    """In which pass a mistake is written."""

    FORWARD = "forward"
    BACKWARD = "backward"
    BOTH = "both"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Mistake:
    """What a wrong quantity is to the right one; it reproduces everything that was seen of it."""

    about: str
    """The quantity: "gradient of b", "output", or several: "gradient of x and gradient of y"."""
    words: str
    """What it is: "the transpose of what it should be"."""

    @property
    def sentence(self) -> str:
        """`the gradient of b is 2 times what it should be`."""
        return f"the {self.about}: {self.words}"


@dataclass(frozen=True)
class Diagnosis:
    """The side of a mistake, a sentence on it, and the mistakes that could be named."""

    side: Side = Side.UNKNOWN
    sentence: str = ""
    """What the witnesses say together; empty where they say nothing."""
    mistakes: tuple[Mistake, ...] = ()

    @property
    def lines(self) -> list[str]:
        """What a reader is shown, a sentence a line."""
        named = [mistake.sentence for mistake in self.mistakes]
        return [*named, f"so: {self.sentence}"] if self.sentence else named

    @property
    def words(self) -> str:
        """All sentences as one text; empty where nothing is said."""
        named = [mistake.sentence for mistake in self.mistakes]
        return ". ".join([*named, self.sentence] if self.sentence else named)


def merged(mistakes: list[Mistake]) -> tuple[Mistake, ...]:
    """The mistakes, those of the same words put together."""
    about: dict[str, list[str]] = {}
    for mistake in mistakes:
        about.setdefault(mistake.words, []).append(mistake.about)
    return tuple(Mistake(_listed(names), words) for words, names in about.items())


GRADIENT = "gradient of "


def _listed(about: list[str]) -> str:
    """`output and gradients of x and y`, `gradients of W1, b1 and W2`."""
    gradients = [name.removeprefix(GRADIENT) for name in about if name.startswith(GRADIENT)]
    others = [name for name in about if not name.startswith(GRADIENT)]
    if len(gradients) < 2:
        return " and the ".join(about)
    *first, last = gradients
    return " and the ".join([*others, f"gradients of {', '.join(first)} and {last}"])
