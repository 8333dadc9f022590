"""Parts of an array put together or cut out in another order; what is set again, added instead."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator

from trigrad.repair.edits.context import Context
from trigrad.repair.edits.edit import Edit
from trigrad.repair.edits.expression import Fragment, binary
from trigrad.repair.edits.numpy_forms import of_numpy
from trigrad.repair.edits.scope import Scope
from trigrad.repair.edits.statements import blocks
from trigrad.subject.source.walking import walk

_JOINED = frozenset(("hstack", "vstack", "concatenate", "stack", "column_stack"))


def examples() -> tuple[tuple[str, str], ...]:
    """Texts before and after an edit of this family."""
    cut = "f = dout[:, {}]\nx = 1\ng = dout[:, {}]\nreturn f, g, x"
    return (
        ("return np.hstack((a, b, c))", "return np.hstack((c, b, a))"),
        (cut.format(":2", "2:"), cut.format("2:", ":2")),
        ("dx = dout\ndx = dout * 2\nreturn dx", "dx = dout\ndx += dout * 2\nreturn dx"),
        (
            "d = 0\nfor i in dout:\n    d = i * 2\nreturn d",
            "d = 0\nfor i in dout:\n    d += i * 2\nreturn d",
        ),
        (
            "d = 0\nfor i in dout:\n    d = f(dout[i])\nreturn d",
            "d = 0\nfor i in dout:\n    d = f(dout[i] + d)\nreturn d",
        ),
    )


def edits(context: Context) -> Iterator[Edit]:
    """All edits that put parts into another order, or add where something is set again."""
    for place in context.places:
        match place.node:
            case ast.Call(func=function, args=[ast.Tuple(elts=parts) | ast.List(elts=parts), *_]):
                if of_numpy(function) in _JOINED:
                    for one, other in itertools.combinations(parts, 2):
                        yield context.swapped(one, other, "parts swapped")
    for scope in context.scopes:
        for body in blocks(scope.function):
            yield from _cut_otherwise(context, body)
        yield from _added(context, scope)
        yield from _carried(context, scope)


def _cut_otherwise(context: Context, body: list[ast.stmt]) -> Iterator[Edit]:
    """The parts that two names get from one array, exchanged."""
    cut = [
        each.value
        for each in body
        if isinstance(each, ast.Assign) and isinstance(each.value, ast.Subscript)
    ]
    for one, other in itertools.combinations(cut, 2):
        if ast.unparse(one.value) == ast.unparse(other.value):
            yield context.swapped(one, other, "parts swapped")


def _added(context: Context, scope: Scope) -> Iterator[Edit]:
    """`+=` where a local that is there already is set to something else."""
    seen: set[str] = set()
    for statement in context.statements(scope):
        match statement:
            case ast.Assign(targets=[ast.Name(id=name) as target], value=value):
                pass
            case _:
                continue
        reads = {each.id for each in walk(value) if isinstance(each, ast.Name)}
        if name in seen and name not in reads:
            start, end = context.span(target)[1], context.outer(value)[0]
            looped = any(isinstance(at, ast.For) for at in context.ancestors(statement))
            yield Edit(start, end, " += ", "added in loop" if looped else "added")
        seen.add(name)


def _carried(context: Context, scope: Scope) -> Iterator[Edit]:
    """What each turn of a loop leaves for the next, which does not take it, added there."""
    for loop in context.statements(scope):
        if not isinstance(loop, ast.For):
            continue
        inside = [n for each in loop.body for n in walk(each) if isinstance(n, ast.Name)]
        names = {node.id for node in inside if isinstance(node.ctx, ast.Store)}
        names -= {node.id for node in inside if isinstance(node.ctx, ast.Load)}
        before = {name for name in names if scope.locals.get(name, (loop.lineno,))[0] < loop.lineno}
        for call in (n for each in loop.body for n in walk(each) if isinstance(n, ast.Call)):
            for argument in call.args[:1]:
                if isinstance(argument, ast.Name | ast.Subscript):
                    for name in sorted(before):
                        whole = binary(context.fragment(argument), "+", Fragment(name))
                        yield context.replaced(argument, whole, "carried")
