"""Another expression of the same definition in the place of one."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from trigrad.repair.edits.context import Context
from trigrad.repair.edits.edit import Edit
from trigrad.repair.edits.expression import COMPARE, Fragment
from trigrad.repair.edits.roles import Place
from trigrad.repair.edits.scope import BUILTINS
from trigrad.subject.source.walking import walk


def examples() -> tuple[tuple[str, str], ...]:
    """Texts before and after an edit of this family."""
    return (
        (
            "dx = dout * self.y\ndy = dout\nreturn dx, dy",
            "dx = dout * self.y\ndy = dout * self.y\nreturn dx, dy",
        ),
        ("self.mask = dout > 1\nreturn dout", "self.mask = dout <= 0\nreturn dout"),
    )


def edits(context: Context) -> Iterator[Edit]:
    """All edits that use an expression of another line."""
    sides = [place for place in context.places if context.is_side(place)]
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
    names = {node.id for node in walk(other.node) if isinstance(node, ast.Name)}
    return names <= here | context.known | BUILTINS | context.bound
