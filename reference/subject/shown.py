"""What the text of a file shows of what its layers take: documentation, and its own calls."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from trigrad.subject.composing.function_text import FunctionText
from trigrad.subject.guesses import Shown
from trigrad.subject.loading.loaded import Definition, Loaded
from trigrad.subject.source.definitions import methods
from trigrad.subject.source.documented_shapes import documented_shapes
from trigrad.subject.source.own_calls import own_calls
from trigrad.subject.source.passes import passes_among
from trigrad.subject.source.text import lines_of

EARLIER = 3
"""How many lines above a definition may be a comment about it."""


def shown_of(definitions: Sequence[Definition], loaded: Loaded) -> Shown:
    """What the text shows of a class, or of a pair of functions."""
    first = definitions[0]
    chunk, node = first.chunk, first.node
    if chunk is None or node is None:
        return Shown()
    lines = lines_of(chunk.text)
    above = lines[max(0, node.lineno - 1 - EARLIER) : node.lineno - 1]
    comments = [line for line in above if line.lstrip().startswith("#")]
    text = "\n".join([*comments, *lines[node.lineno - 1 : node.end_lineno]])
    top = [s for c, statements in loaded.top if c.file == chunk.file for s in statements]
    calls = own_calls(top)
    names = [first.name]
    if isinstance(node, ast.ClassDef):
        passes = passes_among(methods(node))
        forward = passes.forward if passes is not None else "forward"
        names = [f"{first.name}.{forward}", f"{first.name}.__call__"]
    given = [shapes for name in names for shapes in calls.given.get(name, ())]
    made = calls.made.get(first.name, ()) if isinstance(node, ast.ClassDef) else ()
    keys = {}
    if isinstance(node, ast.FunctionDef):
        beside = {
            d.name: d.node
            for d in loaded.definitions
            if isinstance(d.node, ast.FunctionDef) and d.chunk and d.chunk.file == chunk.file
        }
        takes = FunctionText(node.name, node).takes
        keys = {taken.name: _keys_read(node, taken.name, beside) for taken in takes}
    return Shown(
        documented_shapes(text), tuple(dict.fromkeys(made)), tuple(dict.fromkeys(given)), keys
    )


def _keys_read(
    node: ast.FunctionDef, name: str, beside: Mapping[str, ast.FunctionDef], depth: int = 3
) -> tuple[str, ...]:
    """The keys that a function reads of a dict, itself or in a function that it passes it on to."""
    found = dict.fromkeys(FunctionText(node.name, node).keys_read_of(name))
    for call in ast.walk(node):
        match call:
            case ast.Call(func=ast.Name(id=of), args=args) if depth and of in beside:
                takes = [a.arg for a in beside[of].args.args]
                for own, given in zip(takes, args, strict=False):
                    if isinstance(given, ast.Name) and given.id == name:
                        found |= dict.fromkeys(_keys_read(beside[of], own, beside, depth - 1))
    return tuple(found)
