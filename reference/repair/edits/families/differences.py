"""Difference quotients: a step or its length that is missing, one to one side made central."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from trigrad.repair.edits.context import Context
from trigrad.repair.edits.edit import Edit
from trigrad.repair.edits.expression import Fragment, binary
from trigrad.repair.edits.families.factors import can_grow
from trigrad.repair.edits.roles import Place
from trigrad.repair.edits.scope import NameKind, bindings
from trigrad.repair.edits.statements import blocks
from trigrad.subject.source.walking import walk


def examples() -> tuple[tuple[str, str], ...]:
    """Texts before and after an edit of this family."""
    return (
        (
            "def f(x):\n    h = 0.001\n    above = x * 2\n    return above - x",
            "def f(x):\n    h = 0.001\n    above = x * 2\n    return (above - x) / (2 * h)",
        ),
        (
            "def f(g, x, i, h):\n    old = x[i]\n    x[i] = h\n    return g(x)",
            "def f(g, x, i, h):\n    old = x[i]\n    x[i] = old + h\n    return g(x)",
        ),
        (
            "def f(g, x, i, old, h):\n    below = g(x)\n    x[i] = old + h\n    above = g(x)\n"
            "    d = (above - below) / h\n    return d",
            "def f(g, x, i, old, h):\n    x[i] = old - h\n    below = g(x)\n    x[i] = old + h\n"
            "    above = g(x)\n    d = (above - below) / (2 * h)\n    return d",
        ),
    )


def edits(context: Context) -> Iterator[Edit]:
    """All edits of difference quotients."""
    for place in context.places:
        if can_grow(context, place):
            yield from _stepped(context, place)
    for scope in context.scopes:
        for body in blocks(scope.function):
            yield from _central(context, [each for each in body if isinstance(each, ast.Assign)])


def _central(context: Context, statements: list[ast.Assign]) -> Iterator[Edit]:
    """`f0 = f(x)`, `x[i] = old + h`, `f1 = f(x)`, `(f1 - f0) / h` → with `x[i] = old - h` first."""
    for number, first in enumerate(statements):
        there, indent = _call(first), context.indentation(first)
        if there is None or indent is None or not context.owns_lines(first):
            continue
        name, call = there
        back, last = "", ""
        for later in statements[number + 1 :]:
            match later:
                case ast.Assign(
                    targets=[ast.Subscript() as entry],
                    value=ast.BinOp(left=old, op=ast.Add(), right=ast.Name(id=step)),
                ) if not back:
                    back = f"{context.source(entry)} = {context.source(old)} - {step}"
            again = _call(later)
            if back and again is not None and context.source(again[1]) == context.source(call):
                last = again[0]
            for node in walk(later.value) if last else ():
                match node:
                    case ast.BinOp(
                        left=ast.BinOp(left=ast.Name(id=one), op=ast.Sub(), right=ast.Name(id=two)),
                        op=ast.Div(),
                        right=ast.Name(id=length) as divisor,
                    ) if (one, two, length) == (last, name, step):
                        start = context.lines(first, first)[0]
                        low, end = context.span(divisor)
                        text = f"{indent}{back}\n{context.text[start:low]}(2 * {step})"
                        yield Edit(start, end, text, "slip")


def _call(statement: ast.Assign) -> tuple[str, ast.Call] | None:
    """The name and the call of `name = f(x)`."""
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=ast.Name()) as call):
            return name, call
    return None


def _stepped(context: Context, place: Place) -> Iterator[Edit]:
    """A step there and back, or a quotient by its length, where a function moves by steps."""
    node, spaced, whole = place.node, context.spaced(place.node), context.fragment(place.node)
    if context.is_outermost(place) and not isinstance(node, ast.Constant):
        for name in _steps(place):
            step = Fragment(name)
            twice = binary(Fragment("2"), "*", step, spaced=spaced)
            for sign, other in (("/", twice), ("/", step), ("+", step), ("-", step)):
                new = binary(whole, sign, other, spaced=spaced)
                yield context.replaced(node, new, "step added")
    # `x[i] = h`: what the step starts from is missing.
    match place.statement:
        case ast.Assign(targets=[ast.Subscript() as entry], value=ast.Name() | ast.UnaryOp()) if (
            place.is_value
        ):
            here = place.scope.at(place.statement.lineno)
            kept = _kept(context, place, context.source(entry))
            size = context.fragment(node.operand) if isinstance(node, ast.UnaryOp) else whole
            for name in (name for name, kind in here.items() if kind is NameKind.VALUE):
                for sign in "+-":
                    new = binary(Fragment(name), sign, size, spaced=spaced)
                    yield context.replaced(node, new, "start added" if name in kept else "term")


def _kept(context: Context, place: Place, entry: str) -> set[str]:
    """The locals that are set to an entry, `old = x[i]`."""
    return {
        target.id
        for each in context.statements(place.scope)
        if isinstance(each, ast.Assign) and context.source(each.value) == entry
        for target in each.targets
        if isinstance(target, ast.Name)
    }


def _steps(place: Place) -> list[str]:
    """Names at a place that stand for a small number, as the h of a difference quotient."""
    function = place.scope.function
    pairs = [(t.id, v) for t, v in bindings(function) if isinstance(t, ast.Name)]
    arguments, defaults = function.args.args, function.args.defaults
    given = arguments[len(arguments) - len(defaults) :]
    pairs += [(each.arg, value) for each, value in zip(given, defaults, strict=True)]
    small = {name for name, value in pairs if _is_small(value)}
    return sorted(small & set(place.scope.at(place.statement.lineno)))


def _is_small(value: ast.expr | None) -> bool:
    return isinstance(value, ast.Constant) and isinstance(value.value, float) and value.value < 0.1
