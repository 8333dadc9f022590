"""A message: a key and values, which become a sentence only where it is shown.

Logic compares keys and values and never reads a sentence, so that a sentence can be reworded or
translated without changing what the program does.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, reduce
from typing import Protocol, TypeAlias

from trigrad.catalogue.catalogue import Catalogue
from trigrad.catalogue.english import ENGLISH
from trigrad.catalogue.in_force import in_force


class Rendered(Protocol):
    """Anything that has words of its own in each language."""

    def text(self, catalogue: Catalogue | None = None) -> str:
        """Its words; without a catalogue, in the language in force."""
        ...


Value: TypeAlias = "str | int | float | Rendered | tuple[Value, ...]"
"""What a message may hold: text that is not ours (a name, a line of code), a number, another
message, or a list of these."""


@dataclass(frozen=True, init=False)
class Message:
    """A sentence or a part of one: the key of a template, and the values to put into it.

    Two messages are equal if they say the same. `str(message)` is the sentence in the language in
    force.
    """

    key: str
    values: tuple[tuple[str, Value], ...]

    def __init__(self, key: str, /, **values: Value) -> None:
        expected = _values_of(key)
        if values.keys() != expected:
            raise TypeError(f"{key!r} needs the values {sorted(expected)}, not {sorted(values)}")
        object.__setattr__(self, "key", key)
        object.__setattr__(self, "values", tuple(sorted(values.items())))

    def text(self, catalogue: Catalogue | None = None) -> str:
        """The sentence in the catalogue's language; without one, in the language in force."""
        catalogue = in_force() if catalogue is None else catalogue
        return catalogue.render(self.key, {n: _shown(v, catalogue) for n, v in self.values})

    def __str__(self) -> str:
        return self.text()

    def value(self, name: str) -> Value | None:
        """The value of that name; None if it has none."""
        return dict(self.values).get(name)

    def having(self, **values: Value) -> Message:
        """The message with other values in place of those that it has; others are left out."""
        mine = dict(self.values)
        return Message(self.key, **{name: values.get(name, mine[name]) for name in mine})


def joined(key: str, words: Iterable[str]) -> str:
    """Several texts as one, in the language in force; "" of none.

    Args:
        key: of the template that puts two of them together, as `before` and `next`.
        words: what is joined.
    """
    texts = list(words)
    if not texts:
        return ""
    return reduce(lambda one, other: str(Message(key, before=one, next=other)), texts)


@cache
def _values_of(key: str) -> frozenset[str]:
    return ENGLISH.values_of(key)


def _shown(value: Value, catalogue: Catalogue) -> object:
    if isinstance(value, tuple):
        return catalogue.join([str(_shown(each, catalogue)) for each in value])
    return value if isinstance(value, str | int | float) else value.text(catalogue)
