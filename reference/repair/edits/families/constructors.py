"""What a constructor left out: a dictionary that is filled, an object that is used, a bias."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from trigrad.repair.edits.context import Context
from trigrad.repair.edits.edit import Edit
from trigrad.repair.edits.expression import Fragment
from trigrad.repair.edits.scope import Scope, is_attribute_of


def edits(context: Context) -> Iterator[Edit]:
    """All edits of constructors."""
    for scope in context.shared.scopes:
        if scope.me and scope.function.name == "__init__":
            yield from _dictionaries(context, scope)
            yield from _objects(context, scope)
    for place in context.places:
        node = place.node
        match place.statement:
            case ast.Assign(value=ast.Name(id=name)) if (
                place.statement.value is node
                and context.constructs(place)
                and name in place.scope.arguments
                and "np.zeros(" in context.text
            ):
                yield context.replaced(node, Fragment(f"np.zeros({name})"), "call added", 1.1)


def _dictionaries(context: Context, scope: Scope) -> Iterator[Edit]:
    """`self.params = {}` in front of the lines that fill it."""
    layout, shared = context.layout, context.shared
    stored = {name for each in shared.scopes for name in each.stored} | shared.class_names
    filled = {
        target.value.attr: statement.value
        for statement in context.statements(scope)
        if isinstance(statement, ast.Assign)
        for target in statement.targets
        if isinstance(target, ast.Subscript) and is_attribute_of(target.value, scope.me)
    }
    for name in sorted(filled.keys() - stored):
        # What is gone through in order holds objects, and numbers are looked up.
        ordered = ast.unparse(filled[name])[:1].isupper()
        whose = f"{scope.me}.{name}"
        first = next((e for e in scope.function.body if _says(e, scope.me, name)), None)
        indent = layout.indentation(first) if first else None
        if first is None or indent is None or not layout.owns_lines(first):
            continue
        start = layout.lines(first, first)[0]
        for value, cost in (("{}", 0.7 + 0.1 * ordered), ("OrderedDict()", 0.75)):
            if value == "{}" or "OrderedDict" in context.known:
                line = f"{indent}{whose} = {value}\n"
                yield Edit(start, start, line, "made", cost)


def _says(statement: ast.stmt, me: str, name: str) -> bool:
    return any(is_attribute_of(at, me) and at.attr == name for at in ast.walk(statement))


def _objects(context: Context, scope: Scope) -> Iterator[Edit]:
    """`self.loss_layer = SoftmaxWithLoss()` at the end, where methods of it are called."""
    layout, shared = context.layout, context.shared
    stored = {name for each in shared.scopes for name in each.stored} | shared.class_names
    used = {
        owner.attr
        for each in shared.scopes
        for node in ast.walk(each.function)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and is_attribute_of(owner := node.func.value, each.me)
    }
    last = scope.function.body[-1]
    indent = layout.indentation(last)
    if indent is None or not layout.owns_lines(last):
        return
    end = layout.lines(last, last)[1]
    before = "" if context.text[:end].endswith("\n") else "\n"
    said = set(re.findall(r"\w+", layout.source(context.definition)))
    for name in sorted(used - stored - shared.methods):
        for made in sorted(each for each in context.known - said if each[:1].isupper()):
            line = f"{indent}{scope.me}.{name} = {made}()"
            text = f"{before}{line}" if before else f"{line}\n"
            yield Edit(end, end, text, "made", 0.8)
