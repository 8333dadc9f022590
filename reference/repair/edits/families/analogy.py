"""Statements put in because others suggest them: a gradient, a value put back, a layer left out."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from trigrad.repair.edits.context import Context, Place
from trigrad.repair.edits.edit import Edit
from trigrad.repair.edits.families.identifiers import missed
from trigrad.repair.edits.scope import Scope


def edits(context: Context) -> Iterator[Edit]:
    """All edits that put in a statement like others."""
    for scope in context.shared.scopes:
        yield from _put_back(context, scope)
        yield from _missed(context, scope)
        if scope.me and scope.function.name != "__init__":
            yield from _left_out(context, scope)
            yield from _masked(context, scope)


def after(
    context: Context, statement: ast.stmt, line: str, kind: str, cost: float
) -> Iterator[Edit]:
    """A line put in after a statement, or in front of it where that is a `return`."""
    layout = context.layout
    indent = layout.indentation(statement)
    if indent is None or not layout.owns_lines(statement):
        return
    start, end = layout.lines(statement, statement)
    if isinstance(statement, ast.Return):
        yield Edit(start, start, f"{indent}{line}\n", kind, cost)
    elif context.text[start:end].endswith("\n"):
        yield Edit(end, end, f"{indent}{line}\n", kind, cost)
    else:
        yield Edit(end, end, f"\n{indent}{line}", kind, cost)


def _put_back(context: Context, scope: Scope) -> Iterator[Edit]:
    """`x[i] = old` at the end of a block that has `old = x[i]` and then changes `x[i]`."""
    source = context.layout.source
    for node in ast.walk(scope.function):
        body = getattr(node, "body", None)
        if not isinstance(body, list):
            continue
        for statement in body:
            match statement:
                case ast.Assign(targets=[ast.Name(id=old)], value=ast.Subscript() as entry):
                    written = source(entry)
                case _:
                    continue
            changed = [
                each
                for each in body
                if isinstance(each, ast.Assign | ast.AugAssign)
                and written in {source(target) for target in _targets(each)}
            ]
            if changed:
                last = body[-1]
                unlike = isinstance(changed[-1].value, ast.Name) and changed[-1].value.id != old
                if unlike:  # something is put back, and it is not what was there
                    span = context.layout.span(changed[-1].value)
                    yield Edit(*span, old, "name", 0.7)
                # Up, down, and a third line: something is put back there, if not the right thing.
                more = 1.0 if _times_set(context, node, written) > 2 else 0.0
                yield from after(context, last, f"{written} = {old}", "put back", 0.9 + more)
                yield from after(context, body[-2], f"{written} = {old}", "put back", 1.0 + more)


def _times_set(context: Context, block: ast.AST, written: str) -> int:
    """How often an entry is set in a block and in those inside it."""
    source = context.layout.source
    return sum(
        written in {source(target) for target in _targets(each)}
        for each in ast.walk(block)
        if isinstance(each, ast.Assign | ast.AugAssign)
    )


def _targets(statement: ast.Assign | ast.AugAssign) -> list[ast.expr]:
    return statement.targets if isinstance(statement, ast.Assign) else [statement.target]


def _left_out(context: Context, scope: Scope) -> Iterator[Edit]:
    """A layer that a chain `d = self.one.backward(d)` leaves out."""
    pattern = re.compile(rf"(?:(\w+) = )?{re.escape(scope.me)}\.(\w+)\.(\w+)\((\w+)\)")
    text = context.layout.source(scope.function)
    links = [
        (each, match)
        for each in context.statements(scope)
        if (match := pattern.fullmatch(context.layout.source(each)))
    ]
    for statement, match in links:
        name, _, method, argument = match.groups()
        for other in context.shared.attributes:
            called = f"{scope.me}.{other}."
            elsewhere = context.layout.source(context.definition)
            if f"{called}{method}(" in text or called not in elsewhere:
                continue
            if not re.search(rf"{re.escape(called)}\w+\(", elsewhere):
                continue
            line = f"{name or argument} = {called}{method}({argument})"
            layout = context.layout
            indent = layout.indentation(statement)
            if indent is not None and layout.owns_lines(statement):
                at = layout.lines(statement, statement)[0]
                yield Edit(at, at, f"{indent}{line}\n", "call added", 1.1)
    for statement in context.statements(scope):
        if isinstance(statement, ast.For):
            yield from _before_loop(context, scope, statement)


def _before_loop(context: Context, scope: Scope, loop: ast.For) -> Iterator[Edit]:
    """The last layer, in front of a loop `for each in layers: d = each.backward(d)`."""
    layout = context.layout
    match loop:
        case ast.For(
            target=ast.Name(id=layer),
            body=[
                ast.Assign(
                    targets=[ast.Name(id=name)],
                    value=ast.Call(func=ast.Attribute(value=ast.Name(id=called), attr=method)),
                )
            ],
        ) if called == layer:
            pass
        case _:
            return
    indent = layout.indentation(loop)
    if indent is None or not layout.owns_lines(loop):
        return
    start = layout.lines(loop, loop)[0]
    given = name if name in scope.at(loop.lineno) else context.one
    for other in context.shared.attributes:
        owner = f"{scope.me}.{other}."
        elsewhere = layout.source(context.definition)
        if f"{owner}{method}(" in layout.source(scope.function) or owner not in elsewhere:
            continue
        if re.search(rf"{re.escape(owner)}(forward|backward)\(", elsewhere):
            line = f"{indent}{name} = {owner}{method}({given})\n"
            yield Edit(start, start, line, "call added", 1.1)


def _masked(context: Context, scope: Scope) -> Iterator[Edit]:
    """`dx[self.mask] = 0` where another method has `out[self.mask] = 0`, and this one nothing."""
    text = context.layout.source(scope.function)
    for other in context.shared.scopes:
        if other is scope:
            continue
        for statement in other.function.body:
            match statement:
                case ast.Assign(targets=[ast.Subscript(value=ast.Name(), slice=index)]):
                    mask = context.layout.source(index)
                    value = context.layout.source(statement.value)
                case _:
                    continue
            if f"{scope.me}." not in mask or f"[{mask}]" in text:
                continue
            for each in scope.function.body:
                names = [*scope.at(each.lineno + 1)]
                is_set = isinstance(each, ast.Assign)
                for name in names:
                    if is_set or isinstance(each, ast.Return):
                        yield from after(context, each, f"{name}[{mask}] = {value}", "mask", 1.4)


def _missed(context: Context, scope: Scope) -> Iterator[Edit]:
    """A local that is read and nowhere set, set as its neighbours are."""
    layout = context.layout
    for name in missed(context, scope):
        for statement in scope.function.body:
            if not isinstance(statement, ast.Assign) or not layout.owns_lines(statement):
                continue
            place = Place(statement.value, scope, statement)
            indent = layout.indentation(statement) or ""
            at = layout.lines(statement, statement)[0]
            value = layout.source(statement.value)
            if "\n" in value or len(value) > 60:
                continue
            variants = {value: 0.9, **dict.fromkeys(_variants(context, place), 1.0)}
            for each, cost in variants.items():
                yield Edit(at, at, f"{indent}{name} = {each}\n", "set", cost)
        first = scope.function.body[0]
        indent = layout.indentation(first) or ""
        if not layout.owns_lines(first):
            continue
        at = layout.lines(first, first)[0]
        for argument in scope.arguments:
            copied = f"{indent}{name} = {argument}.copy()\n"
            yield Edit(at, at, copied, "set", 1.2)


def _variants(context: Context, place: Place) -> Iterator[str]:
    """An expression with one of its names exchanged for another."""
    layout = context.layout
    start, end = layout.span(place.node)
    for node in ast.walk(place.node):
        if not isinstance(node, ast.Name | ast.Attribute):
            continue
        old = layout.source(node)
        names = context.value_names(place)
        if old in names:
            low, high = layout.span(node)
            for name in names:
                yield context.text[start:low] + name + context.text[high:end]
