"""Groups in a declaration: a dict, list or tuple that is made of declared arrays.

    parameters: {W1: H D; b1: H 1; W2: M H; b2: M 1}
    weights: [w1: H D; w2: M H]

In a dict the names are the keys, in a list or tuple they are ours. Groups may contain groups:
`layers: [(W1: D H; b1: H); (W2: H M; b2: M)]`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

BRACKETS = {"{": "}", "[": "]", "(": ")"}


@dataclass(frozen=True)
class Group:
    """What a name of a declaration stands for that is no array itself."""

    bracket: str
    """The one that opens it: "{" is a dict, "[" a list, "(" a tuple."""
    entries: tuple[str | Group, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The arrays in it and in its own groups."""
        found = [(each,) if isinstance(each, str) else each.names for each in self.entries]
        return tuple(name for names in found for name in names)

    def filled(self, arrays: Mapping[str, Any]) -> Any:
        """The dict, list or tuple with these arrays."""
        if self.bracket == "{":
            return {name: arrays[name] for name in self.names}
        values = [arrays[e] if isinstance(e, str) else e.filled(arrays) for e in self.entries]
        return values if self.bracket == "[" else tuple(values)

    def keys_to(self, name: str) -> tuple[str | int, ...] | None:
        """The keys and indices that lead to an array of it; None if it is not in it."""
        for index, entry in enumerate(self.entries):
            key = name if self.bracket == "{" else index
            if entry == name:
                return (key,)
            further = entry.keys_to(name) if isinstance(entry, Group) else None
            if further is not None:
                return (key, *further)
        return None


def is_group(text: str) -> bool:
    """Whether what stands behind the name of a field is a group: `(N, D)` are sizes."""
    text = text.strip()
    return text[:1] in BRACKETS and ":" in text and text.endswith(BRACKETS[text[0]])


def entries_of(text: str, at: int) -> Iterator[tuple[str, int]]:
    """The entries of a group, each with the place where it begins in the whole declaration.

    They are separated by ; or by a comma: where no : stands before the comma, several names share
    what comes behind, as in `b1, b2: H`.
    """
    opened = text.index(text.strip())
    start, depth, named = opened + 1, 0, False
    last = opened + len(text.strip()) - 1
    for place in range(start, last + 1):
        sign = text[place]
        named = named or sign == ":" or (depth == 0 and sign in BRACKETS)
        ends = place == last or (depth == 0 and (sign == ";" or (sign == "," and named)))
        if ends:
            entry = text[start:place]
            if entry.strip():
                yield entry.strip(), at + start + len(entry) - len(entry.lstrip())
            start, named = place + 1, False
        elif sign in BRACKETS:
            depth += 1
        elif sign in BRACKETS.values():
            depth -= 1
