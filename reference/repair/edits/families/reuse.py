"""Another expression of the same definition in the place of one."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from trigrad.repair.edits.context import Context, Place
from trigrad.repair.edits.edit import Edit
from trigrad.repair.edits.expression import COMPARE, Fragment, binary
from trigrad.repair.edits.numpy_forms import of_numpy
from trigrad.repair.edits.scope import BUILTINS


def edits(context: Context) -> Iterator[Edit]:
    """All edits that use an expression of another line."""
    sides = [place for place in context.places if is_side(context, place)]
    yield from _as_elsewhere(context)
    for place in sides:
        yield from _plain(context, place)
        seen = {context.layout.source(place.node)}
        for other in sides:
            text = context.layout.source(other.node)
            if other.statement is place.statement or text in seen or "\n" in text:
                continue
            if not isinstance(other.node, ast.BinOp | ast.Call) or context.composes:
                continue
            seen.add(text)
            if not _fits(context, place, other):
                continue
            near = 0.0 if other.scope is place.scope else 0.6
            cost = 1.8 + near + 0.01 * len(text)
            piece = Fragment(text, context.bare(other.node).rank)
            yield context.replaced(place.node, piece, "expression reused", cost)


def _as_elsewhere(context: Context) -> Iterator[Edit]:
    """`x` → `np.exp(x)` where that stands beside it; a sum of values → their shares of it."""
    if context.composes:
        return
    calls: dict[str, str] = {}
    for place in context.places:
        match place.node:
            case ast.Call(args=[ast.Name(id=name)], keywords=[]) as call if of_numpy(call.func):
                calls.setdefault(context.layout.source(call), name)
    for place in context.places:
        node = place.node
        if isinstance(node, ast.Name) and context.is_operand(place):
            statement = context.layout.source(place.statement)
            inside = isinstance(context.parent(node), ast.BinOp | ast.UnaryOp)
            for text, name in calls.items():
                if name == node.id and text in statement and inside:
                    yield context.replaced(node, Fragment(text), "call added", 1.3)
        match node:
            case ast.Call(func=function, args=[values, *_]) if of_numpy(
                function
            ) == "sum" and is_side(context, place):
                share = binary(context.piece(values), "/", context.piece(node))
                yield context.replaced(node, share, "divisor", 1.5)


def _plain(context: Context, place: Place) -> Iterator[Edit]:
    """An argument, as it is or compared with 0, as what an attribute is set to."""
    match place.statement:
        case ast.Assign(targets=[ast.Attribute(attr=name)]):
            pass
        case _:
            return
    for argument in place.scope.arguments:
        cost = 1.3 if argument == name else 2.2
        yield context.replaced(place.node, Fragment(argument), "expression reused", cost)
        if "mask" in name:
            for sign in ("<=", ">"):
                piece = Fragment(f"{argument} {sign} 0", COMPARE)
                yield context.replaced(place.node, piece, "mask", 1.6)


def is_side(context: Context, place: Place) -> bool:
    """Whether an expression is all that is assigned or returned."""
    node = place.node
    parent = context.parent(node)
    if isinstance(parent, ast.Tuple) and isinstance(context.parent(parent), ast.Return):
        return True
    if isinstance(node, ast.Constant | ast.Dict | ast.Tuple | ast.List | ast.Lambda):
        return False
    if place.scope.function.name == "__init__":
        return False
    match parent:
        case ast.Return():
            return True
        case ast.Assign(value=value) | ast.AugAssign(value=value):
            return value is node
        case _:
            return False


def _fits(context: Context, place: Place, other: Place) -> bool:
    """Whether all names of an expression are there at another place."""
    here = place.scope.at(place.statement.lineno)
    for node in ast.walk(other.node):
        if isinstance(node, ast.Name) and node.id not in here:
            known = node.id in context.known | BUILTINS | context.bound
            if not known and node.id not in {place.scope.me, "np", "numpy"}:
                return False
    return True
