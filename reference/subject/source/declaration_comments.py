"""Declarations in comments: `# trigrad: x: N D; W: D M` above a class or function."""

from __future__ import annotations

import re

from trigrad.subject.source.text import lines_of

_COMMENT = re.compile(r"\s*#\s*trigrad:\s*(.*?)\s*$", re.IGNORECASE)
_DEFINED = re.compile(r"\s*(?:class|(?:async\s+)?def)\s+(\w+)")
_BETWEEN = re.compile(r"\s*(#.*|@.*)?$")
"""What may stand between a declaration and what it belongs to."""


def declarations_in(text: str) -> dict[int, str]:
    """The declarations of a text, by the line of the class or function below; it need not parse.

    Comments below each other are one declaration.
    """
    found: dict[int, str] = {}
    waiting: list[str] = []
    for number, line in enumerate(lines_of(text), 1):
        if comment := _COMMENT.match(line):
            waiting.append(comment[1].strip("; "))
        elif _DEFINED.match(line):
            if waiting:
                found[number] = "; ".join(filter(None, waiting))
            waiting = []
        elif not _BETWEEN.match(line):
            waiting = []
    return found
