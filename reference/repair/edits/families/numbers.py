"""Numbers exchanged for the usual other ones, truth values for each other."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from trigrad.repair.edits.context import Context
from trigrad.repair.edits.edit import Edit
from trigrad.repair.edits.expression import SIGN, Fragment

_USUAL = (0, 1, 2, -1, 0.5)


def edits(context: Context) -> Iterator[Edit]:
    """All edits that concern numbers and truth values."""
    for node in (*(place.node for place in context.places), *context.class_values):
        parent = context.parent(node)
        match node:
            case ast.Constant(value=bool() as value):
                yield context.replaced(node, Fragment(str(not value)), "constant", 1.0)
            case ast.Constant(value=int() | float() as value) if not _is_signed(parent):
                yield from _numbers(context, node, value)
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)):
                yield from _numbers(context, node, -value)


def _is_signed(parent: ast.AST | None) -> bool:
    return isinstance(parent, ast.UnaryOp) and isinstance(parent.op, ast.USub)


def _is_whole(context: Context, node: ast.expr) -> bool:
    """Whether a number is an index, an axis, or something that is counted: no half."""
    parent = context.parent(node)
    match parent:
        case ast.Subscript() | ast.keyword():
            return True
        case ast.Call(func=ast.Attribute(attr="reshape")):
            return True
        case ast.Compare():
            return any(
                isinstance(each, ast.Attribute) and each.attr in {"shape", "size", "ndim"}
                for each in ast.walk(parent)
            )
        case _:
            return False


def _is_step(statement: ast.Assign) -> bool:
    """Whether what is set is the step of a numerical gradient, as far as its name tells."""
    names = ("h", "eps", "epsilon", "delta")
    return any(isinstance(each, ast.Name) and each.id in names for each in statement.targets)


def _numbers(context: Context, node: ast.expr, value: int | float) -> Iterator[Edit]:
    source = context.layout.source(node)
    written_as_float = isinstance(value, float)
    # A tiny number, a step or what keeps a logarithm finite, is no 0, 1 or 2 mistyped.
    tiny = 0 < abs(value) < 1e-2
    others: dict[int | float, float] = {}
    for each in _USUAL:
        others[each] = 1.1 if each in {0, 1, 2} else 1.6
    if tiny:
        others = {1e-4: 2.0, 1e-7: 2.0, 0: 2.6}
    elif not written_as_float:
        others.setdefault(value + 1, 2.2)
        others.setdefault(value - 1, 2.2)
    if isinstance(parent := context.parent(node), ast.Assign) and _is_step(parent):
        others[1e-4] = 1.0
    index = _is_whole(context, node)
    for other, cost in others.items():
        if other == value or (other == 0.5 and index):
            continue
        text = f"{float(other)}" if written_as_float and not tiny else f"{other}"
        if text.startswith("-") and source.startswith("-"):
            continue
        yield context.replaced(node, Fragment(text, SIGN if other < 0 else 15), "constant", cost)
