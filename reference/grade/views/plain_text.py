"""Text of other people, made fit for a table, a page or XML."""

from __future__ import annotations

import re

from trigrad.messages import Message
from trigrad.report.locations import place
from trigrad.subject.face import Where

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 allows nowhere, not even as an escape; HTML has no use for it either."""

_BREAKS = re.compile(r"[\t\n\r\x0b\x0c\x85\u2028\u2029]+")

_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|~&$]|!(?=\[))|^([-+=]|\d+(?=[.)]))")
"""What Markdown, or one of its dialects, does not show as it is; the last where a line begins."""

LONGEST = 120
"""Characters of a name that are shown: a longer one would push all others off a page."""


def legal(text: str) -> str:
    """A text without the characters that XML does not allow."""
    return _ILLEGAL.sub("", text)


def on_one_line(text: str) -> str:
    """The same without line ends and tabs, and without spaces around it."""
    return code_line(text).strip()


def code_line(text: str) -> str:
    """The same with the spaces before it, which mean something in Python."""
    return _BREAKS.sub(" ", legal(text)).rstrip()


def shown_name(text: str) -> str:
    """A name on one line, not longer than a page can bear."""
    name = on_one_line(text)
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"


def in_markdown(text: str) -> str:
    """A text that Markdown shows as it is, in one line."""
    return _MARKDOWN.sub(_escaped, on_one_line(text))


def _escaped(match: re.Match[str]) -> str:
    found = match[0]
    return f"&#{ord(found[0])};{found[1:]}" if found[0].isdigit() else f"\\{found}"


def number(value: float) -> str:
    """Points as a person writes them: `7`, `2.5`."""
    return f"{round(value, 4):.10g}"


def place_of(file: str | None, cell: int | None, line: int | None) -> str:
    """`layers.py, line 14`, or `notes.ipynb, cell 2, line 14`; empty where it is not known."""
    if not file:
        return ""
    if line is None:
        return file
    there = place(Where(file, cell, line))
    return str(Message("place.in_file", file=file, lines=there)) if cell else there
