"""What the text of a file shows of what its layers take: documentation, and its own calls."""

from __future__ import annotations

import ast
from collections.abc import Sequence

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
        function = FunctionText(node.name, node)
        keys = {taken.name: function.keys_read_of(taken.name) for taken in function.takes}
    return Shown(
        documented_shapes(text), tuple(dict.fromkeys(made)), tuple(dict.fromkeys(given)), keys
    )
