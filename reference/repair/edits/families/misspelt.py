"""Methods renamed whose names are misspelled, all of a class at once."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from trigrad.contracts.schema import Kind
from trigrad.repair.edits.context import Context
from trigrad.repair.edits.edit import Edit
from trigrad.subject.source.definitions import methods
from trigrad.subject.source.misspelt_methods import misspelt_methods


def examples() -> tuple[tuple[str, str], ...]:
    """Texts before and after an edit of this family."""
    layer = (
        "class Relu:\n    def {}(self, a):\n        self.a = a\n\n"
        "    def {}(self, x):\n        return x\n\n    def {}(self, dout):\n        return dout"
    )
    net = "class Net:\n    def loss(self, x, t):\n        return x\n\n    def {}(self, x, t):\n"
    return (
        (
            layer.format("__int__", "forward", "backward"),
            layer.format("__init__", "forward", "backward"),
        ),
        (
            layer.format("__init__", "foward", "backword"),
            layer.format("__init__", "forward", "backward"),
        ),
        (
            net.format("gradiant") + "        return x",
            net.format("gradient") + "        return x",
        ),
    )


def edits(context: Context) -> Iterator[Edit]:
    """The edit that gives every misspelled method its right name."""
    node = context.definition
    if not isinstance(node, ast.ClassDef):
        return
    wrong = misspelt_methods(node, Kind.LAYER) or misspelt_methods(node, Kind.NETWORK)
    own = methods(node)
    places = sorted((_name_at(context, own[old]), old, new) for old, new in wrong.items())
    if not places:
        return
    start, at, text = places[0][0], places[0][0], ""
    for place, old, new in places:
        text += context.text[at:place] + new
        at = place + len(old)
    yield Edit(start, at, text, "undefined name")


def _name_at(context: Context, method: ast.FunctionDef) -> int:
    """The character at which the name of a method begins, behind its `def`."""
    return context.text.index(method.name, context.offset(method.lineno, method.col_offset))
