"""Wrong files made of right ones: texts that are there once, and what stands in their places."""

from __future__ import annotations

from collections.abc import Iterable


def changed(right: str, changes: Iterable[tuple[str, str]]) -> str:
    """A text with each change made.

    Raises:
        ValueError: If what is to be replaced is not there, or more than once.
    """
    for text, instead in changes:
        if (count := right.count(text)) != 1:
            raise ValueError(f"there {count} times, not once: {text!r}")
        right = right.replace(text, instead)
    return right
