"""Another expression of the same definition in the place of one."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from reference.edits.edit import Edit
from reference.edits.ground import Ground, Place
from reference.edits.numpy_forms import of_numpy
from reference.edits.piece import COMPARE, Piece, binary
from reference.edits.scope import BUILTINS


def edits(ground: Ground) -> Iterator[Edit]:
    """All edits that use an expression of another line."""
    sides = [place for place in ground.places if is_side(ground, place)]
    yield from _as_elsewhere(ground)
    for place in sides:
        yield from _plain(ground, place)
        seen = {ground.layout.source(place.node)}
        for other in sides:
            text = ground.layout.source(other.node)
            if other.statement is place.statement or text in seen or "\n" in text:
                continue
            if not isinstance(other.node, ast.BinOp | ast.Call) or ground.composes:
                continue
            seen.add(text)
            if not _fits(ground, place, other):
                continue
            near = 0.0 if other.scope is place.scope else 0.6
            cost = 1.8 + near + 0.01 * len(text)
            piece = Piece(text, ground.bare(other.node).rank)
            yield ground.replaced(place.node, piece, "expression reused", cost)


def _as_elsewhere(ground: Ground) -> Iterator[Edit]:
    """`x` → `np.exp(x)` where that stands beside it; a sum of values → their shares of it."""
    if ground.composes:
        return
    calls: dict[str, str] = {}
    for place in ground.places:
        match place.node:
            case ast.Call(args=[ast.Name(id=name)], keywords=[]) as call if of_numpy(call.func):
                calls.setdefault(ground.layout.source(call), name)
    for place in ground.places:
        node = place.node
        if isinstance(node, ast.Name) and ground.is_operand(place):
            statement = ground.layout.source(place.statement)
            inside = isinstance(ground.parent(node), ast.BinOp | ast.UnaryOp)
            for text, name in calls.items():
                if name == node.id and text in statement and inside:
                    yield ground.replaced(node, Piece(text), "call added", 1.3)
        match node:
            case ast.Call(func=function, args=[values, *_]) if of_numpy(
                function
            ) == "sum" and is_side(ground, place):
                share = binary(ground.piece(values), "/", ground.piece(node))
                yield ground.replaced(node, share, "divisor", 1.5)


def _plain(ground: Ground, place: Place) -> Iterator[Edit]:
    """An argument, as it is or compared with 0, as what an attribute is set to."""
    match place.statement:
        case ast.Assign(targets=[ast.Attribute(attr=name)]):
            pass
        case _:
            return
    for argument in place.scope.arguments:
        cost = 1.3 if argument == name else 2.2
        yield ground.replaced(place.node, Piece(argument), "expression reused", cost)
        if "mask" in name:
            for sign in ("<=", ">"):
                piece = Piece(f"{argument} {sign} 0", COMPARE)
                yield ground.replaced(place.node, piece, "mask", 1.6)


def is_side(ground: Ground, place: Place) -> bool:
    """Whether an expression is all that is assigned or returned."""
    node = place.node
    parent = ground.parent(node)
    if isinstance(parent, ast.Tuple) and isinstance(ground.parent(parent), ast.Return):
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


def _fits(ground: Ground, place: Place, other: Place) -> bool:
    """Whether all names of an expression are there at another place."""
    here = place.scope.at(place.statement.lineno)
    for node in ast.walk(other.node):
        if isinstance(node, ast.Name) and node.id not in here:
            known = node.id in ground.known | BUILTINS | ground.bound
            if not known and node.id not in {place.scope.me, "np", "numpy"}:
                return False
    return True
