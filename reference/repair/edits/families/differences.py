"""Difference quotients: a step or its length that is missing, one to one side made central."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from trigrad.repair.edits.context import Context, Place
from trigrad.repair.edits.edit import Edit
from trigrad.repair.edits.expression import TERM, Fragment, binary
from trigrad.repair.edits.families.factors import can_grow, outermost
from trigrad.repair.edits.scope import bindings

_COST = 1.2


def edits(context: Context) -> Iterator[Edit]:
    """All edits of difference quotients."""
    for place in context.places:
        if can_grow(context, place):
            yield from _stepped(context, place)
    for scope in context.shared.scopes:
        for node in ast.walk(scope.function):
            body = getattr(node, "body", None)
            if isinstance(body, list):
                yield from _central(
                    context, [each for each in body if isinstance(each, ast.Assign)]
                )


def _central(context: Context, statements: list[ast.Assign]) -> Iterator[Edit]:
    """`f0 = f(x)`, `x[i] = old + h`, `f1 = f(x)`, `(f1 - f0) / h` → with `x[i] = old - h` first."""
    source, layout = context.layout.source, context.layout
    for number, first in enumerate(statements):
        there = _call(first)
        indent = layout.indentation(first)
        if there is None or indent is None or not layout.owns_lines(first):
            continue
        name, call = there
        back, last = "", ""
        for later in statements[number + 1 :]:
            match later:
                case ast.Assign(
                    targets=[ast.Subscript() as entry],
                    value=ast.BinOp(left=old, op=ast.Add(), right=ast.Name(id=step)),
                ) if not back:
                    back = f"{source(entry)} = {source(old)} - {step}"
            again = _call(later)
            if back and again is not None and source(again[1]) == source(call):
                last = again[0]
            for node in ast.walk(later.value) if last else ():
                match node:
                    case ast.BinOp(
                        left=ast.BinOp(left=ast.Name(id=one), op=ast.Sub(), right=ast.Name(id=two)),
                        op=ast.Div(),
                        right=ast.Name(id=length) as divisor,
                    ) if (one, two, length) == (last, name, step):
                        start = layout.lines(first, first)[0]
                        low, end = layout.span(divisor)
                        text = f"{indent}{back}\n{context.text[start:low]}(2 * {step})"
                        yield Edit(start, end, text, "central", _COST)


def _call(statement: ast.Assign) -> tuple[str, ast.Call] | None:
    """The name and the call of `name = f(x)`."""
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=ast.Name()) as call):
            return name, call
        case _:
            return None


def _steps(place: Place) -> list[str]:
    """Names at a place that stand for a small number, as the h of a difference quotient."""
    function = place.scope.function
    small = {
        target.id
        for target, value in bindings(function)
        if isinstance(target, ast.Name) and _is_small(value)
    }
    arguments = function.args.args
    defaults = function.args.defaults
    given = arguments[len(arguments) - len(defaults) :]
    small |= {a.arg for a, value in zip(given, defaults, strict=True) if _is_small(value)}
    return sorted(small & set(place.scope.at(place.statement.lineno)))


def _is_small(value: ast.expr | None) -> bool:
    return isinstance(value, ast.Constant) and isinstance(value.value, float) and value.value < 0.1


def _stepped(context: Context, place: Place) -> Iterator[Edit]:
    """A step there and back, or a quotient by its length, where a function moves by steps."""
    node = place.node
    if not outermost(context, place) or isinstance(node, ast.Constant):
        return
    spaced, piece = context.spaced(node), context.piece(node)
    for name in _steps(place):
        twice = Fragment(binary(Fragment("2"), "*", Fragment(name), spaced=spaced).text, TERM)
        for sign, other, cost in (
            ("/", twice, 1.35),
            ("/", Fragment(name), 1.4),
            ("+", Fragment(name), 1.35),
            ("-", Fragment(name), 1.35),
        ):
            joined = binary(piece, sign, other, spaced=spaced)
            yield context.replaced(node, joined, "step added", cost)
