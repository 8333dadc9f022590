"""Statements put in: a value kept for another method, a call that another method makes."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from trigrad.repair.edits.context import Context
from trigrad.repair.edits.edit import Edit
from trigrad.repair.edits.families.identifiers import nearness
from trigrad.repair.edits.scope import NameKind, Scope


def edits(context: Context) -> Iterator[Edit]:
    """All edits that put a statement in."""
    for scope in context.shared.scopes:
        if scope.me and scope.function.name != "__init__":
            yield from _kept(context, scope)
            yield from _called(context, scope)
        elif scope.me:
            yield from _taken(context, scope)


def _taken(context: Context, scope: Scope) -> Iterator[Edit]:
    """`self.b = b` in a constructor that is given b, where other methods read self.b."""
    layout = context.layout
    loaded = {name for other in context.shared.scopes for name in other.loaded}
    stored = {name for other in context.shared.scopes for name in other.stored}
    body = [each for each in _body(scope) if layout.owns_lines(each)]
    for number, name in enumerate(scope.arguments):
        if name not in loaded - stored - context.shared.class_names or not body:
            continue
        earlier = scope.arguments[:number]
        behind = [
            each
            for each in body
            if isinstance(each, ast.Assign)
            and isinstance(each.value, ast.Name)
            and each.value.id in earlier
        ]
        indent = layout.indentation(body[0])
        if indent is None:
            continue
        at = (
            layout.lines(behind[-1], behind[-1])[1] if behind else layout.lines(body[0], body[0])[0]
        )
        before = "" if context.text[:at].endswith("\n") or not at else "\n"
        yield Edit(at, at, f"{before}{indent}{scope.me}.{name} = {name}\n", "kept", 0.4)


def _body(scope: Scope) -> list[ast.stmt]:
    """A function's statements without its docstring."""
    body = scope.function.body
    first = body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
        return body[1:]
    return body


def _kept(context: Context, scope: Scope) -> Iterator[Edit]:
    """`self.x = x`, where another method reads self.x and this one has an x."""
    layout = context.layout
    wanted = sorted(
        name
        for other in context.shared.scopes
        if other is not scope
        for name in other.loaded - other.stored - scope.stored
        if context.shared.attributes.get(name) is not NameKind.THING
    )
    given = {
        name
        for other in context.shared.scopes
        if other.function.name == "__init__"
        for name in other.stored
        if name in other.arguments
    }
    body = [each for each in _body(scope) if layout.owns_lines(each)]
    if not body or layout.indentation(body[0]) is None:
        return
    indent = layout.indentation(body[0]) or ""
    for name in dict.fromkeys(wanted):
        if name in given:
            continue
        target = f"{scope.me}.{name}"
        for argument in scope.arguments:
            at = layout.lines(body[0], body[0])[0]
            earlier = scope.arguments[: scope.arguments.index(argument)]
            for statement in body:
                value = getattr(statement, "value", None)
                if not (isinstance(value, ast.Name) and value.id in earlier):
                    break
                at = layout.lines(statement, statement)[1]
            cost = 0.5 if argument == name else 1.5 - 0.3 * nearness(argument, name)
            line = f"{indent}{target} = {argument}\n"
            yield Edit(at, at, line, "kept", cost)
            if context.shared.attributes.get(name) is NameKind.SHAPE:
                as_function = "np.shape(" in layout.source(context.definition)
                asked = f"np.shape({argument})" if as_function else f"{argument}.shape"
                more = 0.0 if name.startswith(argument) else 0.3
                yield Edit(at, at, f"{indent}{target} = {asked}\n", "kept", 0.3 + more)
            for function in context.functions:
                called = f"{indent}{target} = {function}({argument})\n"
                yield Edit(at, at, called, "kept", 1.7)
            more = 0.0 if "mask" in name else 0.8
            for sign in (">", "<="):
                masked = f"{indent}{target} = {argument} {sign} 0\n"
                yield Edit(at, at, masked, "kept", 1.4 + more)
        for number, statement in enumerate(body):
            yield from _kept_after(context, target, indent, statement, number)


def _kept_after(
    context: Context, target: str, indent: str, statement: ast.stmt, number: int
) -> Iterator[Edit]:
    """A local kept as an attribute right after it is set, or what is returned before it is."""
    layout = context.layout
    name = target.split(".")[-1]
    if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
        local = statement.targets[0].id
        at = layout.lines(statement, statement)[1]
        cost = 0.5 if local == name else 1.3 - 0.3 * nearness(local, name)
        yield Edit(at, at, f"{indent}{target} = {local}\n", "kept", cost + 0.01 * number)
    elif isinstance(statement, ast.Return) and statement.value is not None:
        value = layout.source(statement.value)
        if isinstance(statement.value, ast.Name) or "\n" in value:
            return
        start, end = layout.span(statement)
        text = f"{target} = {value}\n{indent}return {target}"
        yield Edit(start, end, text, "kept", 1.2)


def _called(context: Context, scope: Scope) -> Iterator[Edit]:
    """A call of another method with the same arguments, in front of everything."""
    layout = context.layout
    body = _body(scope)
    if not body or not layout.owns_lines(body[0]):
        return
    indent = layout.indentation(body[0]) or ""
    at = layout.lines(body[0], body[0])[0]
    for other in context.shared.scopes:
        if other is scope or not other.me or other.function.name.startswith("__"):
            continue
        if other.arguments and set(other.arguments) <= set(scope.arguments):
            call = f"{scope.me}.{other.function.name}({', '.join(other.arguments)})"
            if call in layout.source(scope.function):
                continue
            cost = 1.0 if "loss" in other.function.name or "forward" in call else 2.2
            yield Edit(at, at, f"{indent}{call}\n", "call added", cost)
