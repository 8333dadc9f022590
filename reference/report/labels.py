"""The labels before what a report shows of a case: `is`, `should be`."""

from __future__ import annotations

from trigrad.catalogue.columns import padded
from trigrad.messages import Message

INDENT = 6
WIDTH = 9
"""A label has so many columns, and two spaces behind it."""


def labelled(label: str, text: str) -> str:
    """A line with a label, by its key: `labelled("label.is", "1")`; "" leaves its columns empty."""
    word = str(Message(label)) if label else ""
    return f"{' ' * INDENT}{padded(word, WIDTH)}  {text}"
