"""Keys of dictionaries, and the order of lists."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator

from trigrad.repair.edits.context import Context, Place
from trigrad.repair.edits.edit import Edit
from trigrad.repair.edits.expression import Fragment, with_suffix
from trigrad.repair.edits.scope import Scope


def edits(context: Context) -> Iterator[Edit]:
    """All edits that concern keys and lists."""
    keys = _keys(context)
    for place in context.places:
        match place.node:
            case ast.Constant(value=str() as key) if _is_key(context, place.node):
                yield from _exchanged(context, place, key, keys)
            case ast.Attribute(attr="dW" | "db" as name, ctx=ast.Load()):
                end = context.layout.span(place.node)[1]
                other = "db" if name == "dW" else "dW"
                yield Edit(end - 2, end, other, "name", 1.2)
            case ast.Attribute(attr="W" | "b" as name, value=owner, ctx=ast.Load()) if not (
                isinstance(owner, ast.Name) and owner.id == place.scope.me
            ):
                end = context.layout.span(place.node)[1]
                yield Edit(end - 1, end, f"d{name}", "name", 0.9)
        yield from _owners(context, place)
        yield from _order(context, place)
    for scope in context.shared.scopes:
        yield from _renumbered(context, scope)
        yield from _not_in_place(context, scope)


def _is_key(context: Context, node: ast.expr) -> bool:
    parent = context.parent(node)
    return (isinstance(parent, ast.Subscript) and parent.slice is node) or (
        isinstance(parent, ast.Dict) and node in parent.keys
    )


def _keys(context: Context) -> list[str]:
    found = [
        place.node.value
        for place in context.places
        if isinstance(place.node, ast.Constant) and isinstance(place.node.value, str)
        if _is_key(context, place.node)
    ]
    return list(dict.fromkeys(found))


def _exchanged(context: Context, place: Place, key: str, keys: list[str]) -> Iterator[Edit]:
    node = place.node
    stored = [
        each.value
        for target in ast.walk(place.scope.function)
        for each in _stored_keys(target)
        if isinstance(each, ast.Constant)
    ]
    is_set = any(each is node for at in ast.walk(place.statement) for each in _stored_keys(at))
    twice = ast.unparse(place.statement).count(f"'{key}'") > 1
    source = context.layout.source(node)
    if source[:1] not in "'\"":
        return
    stem = key.rstrip("0123456789")
    for other in keys:
        if other == key:
            continue
        alike = other.rstrip("0123456789") == stem
        if not alike and len(other) != len(key):
            continue
        if other.lower() == key.lower():
            cost = 0.4
        elif other not in stored and stored.count(key) > 1:
            cost = 0.5  # one key is set twice, and this one is not
        else:
            cost = 1.0 if alike or twice else 1.4
        if is_set and other in stored and stored.count(key) == 1:
            cost += 1.0  # then that one is set twice, and this one no more
        text = source[0] + other + source[0]
        yield context.replaced(node, Fragment(text), "key", cost)


def _stored_keys(node: ast.AST) -> Iterator[ast.expr]:
    match node:
        case ast.Subscript(slice=key, ctx=ast.Store()):
            yield key
        case ast.Dict(keys=keys):
            yield from (key for key in keys if key is not None)


def _owners(context: Context, place: Place) -> Iterator[Edit]:
    """`self.affine1.dW` ↔ `self.affine2.dW`, `a1.dW` ↔ `a2.dW`: another owner."""
    node = place.node
    if not isinstance(node, ast.Name | ast.Attribute) or not isinstance(node.ctx, ast.Load):
        return
    source = context.layout.source(node)
    number = re.search(r"\d+$", source)
    parent = context.parent(node)
    if number is None or not isinstance(parent, ast.Attribute | ast.Call | ast.Tuple):
        return
    for other in ("1", "2", "3"):
        text = source[: number.start()] + other
        if text != source and re.search(rf"{re.escape(text)}\b", context.text):
            yield context.replaced(node, Fragment(text), "name", 1.0)


def _order(context: Context, place: Place) -> Iterator[Edit]:
    """A list gone through the other way round."""
    node, statement = place.node, place.statement
    if isinstance(node, ast.Subscript) and context.layout.source(node).endswith("[::-1]"):
        yield context.replaced(node, context.piece(node.value), "order", 1.0)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        if node.func.id == "reversed" and node.args:
            yield context.replaced(node, context.piece(node.args[0]), "order", 1.0)
        return
    if not isinstance(statement, ast.For) or statement.iter is not node:
        return
    source = context.layout.source(node)
    if isinstance(node, ast.Call):
        listed = f"list({source})" if ".values()" in source or ".keys()" in source else source
        yield context.replaced(node, Fragment(f"reversed({listed})"), "order", 0.9)
    elif isinstance(node, ast.Name | ast.Attribute):
        yield context.replaced(node, Fragment(f"reversed({source})"), "order", 0.9)
        yield context.replaced(node, with_suffix(context.piece(node), "[::-1]"), "order", 1.0)


def _renumbered(context: Context, scope: Scope) -> Iterator[Edit]:
    """`Affine(p['W1'], p['b1'])` → `Affine(p['W2'], p['b2'])`: all keys of a value."""
    for statement in context.statements(scope):
        if not isinstance(statement, ast.Assign):
            continue
        start, end = context.layout.span(statement.value)
        text = context.text[start:end]
        numbers = set(re.findall(r"""['"][Wb](\d)['"]""", text))
        if len(numbers) != 1 or len(re.findall(r"""['"][Wb]\d['"]""", text)) < 2:
            continue
        for other in sorted({"1", "2", "3"} - numbers):
            if re.search(rf"""['"]W{other}['"]""", context.text):
                new = re.sub(r"""(['"][Wb])\d(['"])""", rf"\g<1>{other}\g<2>", text)
                yield Edit(start, end, new, "key", 1.0)


def _not_in_place(context: Context, scope: Scope) -> Iterator[Edit]:
    """`a.reverse()` and a loop over `a` → a loop over `reversed(a)`."""
    layout = context.layout
    statements = context.statements(scope)
    for one, other in itertools.pairwise(statements):
        match one, other:
            case (
                ast.Expr(value=ast.Call(func=ast.Attribute(value=owner, attr="reverse"), args=[])),
                ast.For(iter=row),
            ) if layout.source(owner) == layout.source(row):
                start = layout.span(one)[0]
                middle, end = layout.span(row)
                between = context.text[layout.span(other)[0] : middle]
                text = f"{between}reversed({layout.source(row)})"
                yield Edit(start, end, text, "order", 0.7)
