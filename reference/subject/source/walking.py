"""All nodes of a syntax tree: what most of reading a text consists of."""

from __future__ import annotations

from ast import AST
from collections.abc import Iterator


def walk(node: AST) -> Iterator[AST]:
    """The same nodes in the same order as those of `ast.walk`, in half the time."""
    found = [node]
    for each in found:  # it grows meanwhile
        for name in each._fields:
            value = getattr(each, name, None)
            if isinstance(value, AST):
                found.append(value)
            elif isinstance(value, list):
                for item in value:
                    if isinstance(item, AST):
                        found.append(item)
        yield each
