"""A difference quotient to one side made central: a step back put in, and its length doubled."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from reference.edits.edit import Edit
from reference.edits.ground import Ground

_COST = 1.2


def edits(ground: Ground) -> Iterator[Edit]:
    """`f0 = f(x)`, `x[i] = old + h`, `f1 = f(x)`, `(f1 - f0) / h` → with `x[i] = old - h` first."""
    for scope in ground.shared.scopes:
        for node in ast.walk(scope.function):
            body = getattr(node, "body", None)
            if isinstance(body, list):
                yield from _central(ground, [each for each in body if isinstance(each, ast.Assign)])


def _central(ground: Ground, statements: list[ast.Assign]) -> Iterator[Edit]:
    source, layout = ground.layout.source, ground.layout
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
                        text = f"{indent}{back}\n{ground.text[start:low]}(2 * {step})"
                        yield Edit(start, end, text, "central", _COST)


def _call(statement: ast.Assign) -> tuple[str, ast.Call] | None:
    """The name and the call of `name = f(x)`."""
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=ast.Name()) as call):
            return name, call
        case _:
            return None
