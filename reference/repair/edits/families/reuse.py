"""Another expression of the same definition in the place of one."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from trigrad.repair.edits.context import Context, Place
from trigrad.repair.edits.edit import Edit
from trigrad.repair.edits.expression import COMPARE, Fragment, binary
from trigrad.repair.edits.numpy_forms import of_numpy
from trigrad.repair.edits.scope import BUILTINS


def examples() -> tuple[tuple[str, str], ...]:
    """Texts before and after an edit of this family."""
    return (
        (
            "dx = dout * self.y\ndy = dout\nreturn dx, dy",
            "dx = dout * self.y\ndy = dout * self.y\nreturn dx, dy",
        ),
        ("self.mask = dout > 1\nreturn dout", "self.mask = dout <= 0\nreturn dout"),
        (
            "def f(x):\n    return x / np.sum(np.exp(x))",
            "def f(x):\n    return np.exp(x) / np.sum(np.exp(x))",
        ),
        (
            "def f(x):\n    e = np.exp(x)\n    return np.sum(e)",
            "def f(x):\n    e = np.exp(x)\n    return e / np.sum(e)",
        ),
    )


def edits(context: Context) -> Iterator[Edit]:
    """All edits that use an expression of another line."""
    sides = [place for place in context.places if context.is_side(place)]
    yield from _called_as_beside(context)
    for place in sides:
        yield from _argument(context, place)
        seen = {context.source(place.node)}
        for other in sides if not context.composes else ():
            text = context.source(other.node)
            if other.statement is place.statement or text in seen or "\n" in text:
                continue
            if isinstance(other.node, ast.BinOp | ast.Call):
                seen.add(text)
                if _fits(context, place, other):
                    new = Fragment(text, context.fragment(other.node).rank)
                    yield context.replaced(place.node, new, "expression reused")
        match place.node:
            case ast.Call(func=function, args=[values, *_]) if of_numpy(function) == "sum":
                share = binary(context.fragment(values), "/", context.fragment(place.node))
                yield context.replaced(place.node, share, "function added")


def _called_as_beside(context: Context) -> Iterator[Edit]:
    """`x` → `np.exp(x)` where that stands in the same line."""
    calls: dict[str, str] = {}
    for place in context.places:
        match place.node:
            case ast.Call(func=function, args=[ast.Name(id=name)], keywords=[]) as call:
                if of_numpy(function):
                    calls.setdefault(context.source(call), name)
    for place in context.places if not context.composes else ():
        node = place.node
        inside = isinstance(context.parent(node), ast.BinOp | ast.UnaryOp)
        if isinstance(node, ast.Name) and inside and context.is_operand(place):
            for text, name in calls.items():
                if name == node.id and text in context.source(place.statement):
                    yield context.replaced(node, text, "function added")


def _argument(context: Context, place: Place) -> Iterator[Edit]:
    """An argument, as it is or compared with 0, as what an attribute is set to."""
    match place.statement:
        case ast.Assign(targets=[ast.Attribute(attr=name)]):
            for argument in place.scope.arguments:
                yield context.replaced(place.node, argument, "expression reused")
                for sign in ("<=", ">") if "mask" in name else ():
                    mask = Fragment(f"{argument} {sign} 0", COMPARE)
                    yield context.replaced(place.node, mask, "mask")


def _fits(context: Context, place: Place, other: Place) -> bool:
    """Whether all names of an expression are there at another place."""
    here = {*place.scope.at(place.statement.lineno), place.scope.me, "np", "numpy"}
    names = {node.id for node in ast.walk(other.node) if isinstance(node, ast.Name)}
    return names <= here | context.known | BUILTINS | context.bound
