"""Shapes of arrays as docstrings and comments give them: `x: (N, D)`, `X -- shape (n_x, m)`."""

from __future__ import annotations

import keyword
import re

from trigrad.subject.source.text import lines_of

_LINE = re.compile(
    r"[\s#*\-\"']*`{0,2}(?P<name>[A-Za-z_]\w*)`{0,2}\s*(?P<rest>(?:--|[:=(\[–—-]).*)"
)
_SHAPE = re.compile(r"(?P<before>.*?)[(\[]\s*(?P<sizes>[^()\[\]]*?)\s*[)\]]")
_NEXT = re.compile(
    r"(?<![\w.])(?P<name>(?!shape)[A-Za-z_]\w*)`{0,2}\s*(?:--|[:=]|->)\s*(?P<rest>\([^()]*,[^()]*\))"
)
"""A further array on the line of another one, with its shape in brackets."""
_ONE = r"([A-Za-z]\w*|[1-9]\d{0,2})"
_SIZE = re.compile(rf"{_ONE}(\s*[*+]\s*{_ONE})*")
_WORDS = frozenset(
    ("optional", "scalar", "float", "int", "bool", "number", "list", "array", "ndarray", "numpy")
)
AXES = 6
"""More axes than these are no shape."""


def documented_shapes(text: str) -> dict[str, str]:
    """The sizes of the arrays that the text of a definition documents, by their names.

    Only docstrings and comments are read, and of two shapes for a name the first. A shape has a
    comma or stands after the word *shape*.
    """
    found: dict[str, str] = {}
    for line in _prose(text):
        match = _LINE.match(line)
        if match is None or match["name"] in found or keyword.iskeyword(match["name"]):
            continue
        for shape in _SHAPE.finditer(match["rest"]):
            sizes = _sizes(shape["sizes"], named="shape" in shape["before"].lower())
            if sizes is not None:
                found[match["name"]] = sizes
                break
        for further in _NEXT.finditer(match["rest"]):
            sizes = _sizes(further["rest"][1:-1], named=False)
            if sizes is not None and not keyword.iskeyword(further["name"]):
                found.setdefault(further["name"], sizes)
    return found


def _prose(text: str) -> list[str]:
    """The lines of docstrings, and what stands behind a `#`."""
    found: list[str] = []
    inside = ""
    for line in lines_of(text):
        quotes = [q for q in ('"""', "'''") for _ in range(line.count(q))]
        if inside or quotes:
            found.append(re.sub(r'"""|\'\'\'', "", line))
            for quote in quotes:
                inside = "" if inside == quote else inside or quote
            continue
        _, sign, comment = line.partition("#")
        if sign and not comment.strip().lower().startswith("trigrad:"):
            found.append(comment)
    return found


def _sizes(text: str, *, named: bool) -> str | None:
    parts = [part.strip() for part in text.split(",")]
    listed = len(parts) > 1
    parts = parts[:-1] if parts[-1] == "" else parts
    if not (listed or named) or not 1 <= len(parts) <= AXES:
        return None
    if not all(_SIZE.fullmatch(part) and part.lower() not in _WORDS for part in parts):
        return None
    return " ".join(re.sub(r"\s", "", part) for part in parts)
