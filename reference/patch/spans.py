"""Where in a JSON text a value stands, so that it can be replaced and all the rest stay."""

from __future__ import annotations

import json
import re

_DECODER = json.JSONDecoder()
_SPACE = re.compile(r"[ \t\n\r]*")

Span = tuple[int, int]
"""The first character of a value and the one after its last."""


def members(text: str, at: int) -> dict[str, Span]:
    """The values of the object that begins at a character, by their keys; the last one counts."""
    found: dict[str, Span] = {}
    at = after_space(text, at + 1)
    while text[at] != "}":
        key, at = _DECODER.raw_decode(text, at)
        start = after_space(text, after_space(text, at) + 1)  # behind the colon
        _, end = _DECODER.raw_decode(text, start)
        found[key] = (start, end)
        at = _next(text, end)
    return found


def items(text: str, at: int) -> list[Span]:
    """The values of the array that begins at a character."""
    found = []
    at = after_space(text, at + 1)
    while text[at] != "]":
        _, end = _DECODER.raw_decode(text, at)
        found.append((at, end))
        at = _next(text, end)
    return found


def _next(text: str, at: int) -> int:
    at = after_space(text, at)
    return after_space(text, at + 1) if text[at] == "," else at


def after_space(text: str, at: int) -> int:
    """The first character from here on that is no white space."""
    found = _SPACE.match(text, at)
    assert found is not None, "it matches nothing too"
    return found.end()
