"""Keys of dictionaries, numbered owners, and the order in which lists are gone through."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator

from trigrad.repair.edits.context import Context
from trigrad.repair.edits.edit import Edit
from trigrad.repair.edits.expression import with_suffix
from trigrad.repair.edits.roles import Place
from trigrad.repair.edits.scope import Scope
from trigrad.subject.source.walking import walk

_NUMBERS = ("1", "2", "3")


def examples() -> tuple[tuple[str, str], ...]:
    """Texts before and after an edit of this family."""
    loop = "for layer in {}:\n    dout = layer.backward(dout)"
    return (
        (
            "g['W1'] = dout\ng['w2'] = dout\nreturn g['W2']",
            "g['W1'] = dout\ng['W2'] = dout\nreturn g['W2']",
        ),
        ("g['W1'] = self.one.db", "g['W1'] = self.one.dW"),
        ("g['W1'] = self.one.W", "g['W1'] = self.one.dW"),
        (
            "a, b = self.a1.dW, self.a1.dW\nself.a2 = b",
            "a, b = self.a2.dW, self.a1.dW\nself.a2 = b",
        ),
        (loop.format("self.layers"), loop.format("reversed(self.layers)")),
        (loop.format("self.layers[::-1]"), loop.format("self.layers")),
        (
            "self.layers.reverse()\n" + loop.format("self.layers"),
            loop.format("reversed(self.layers)"),
        ),
        (
            "p = {'W2': 1}\na = Affine(p['W1'], p['b1'])",
            "p = {'W2': 1}\na = Affine(p['W2'], p['b2'])",
        ),
    )


def edits(context: Context) -> Iterator[Edit]:
    """All edits that concern keys and lists."""
    keys = [
        (place, place.node.value)
        for place in context.places
        if isinstance(place.node, ast.Constant) and isinstance(place.node.value, str)
        if _is_key(context, place.node)
    ]
    for place, key in keys:
        yield from _exchanged(context, place, key, list(dict.fromkeys(each for _, each in keys)))
    for place in context.places:
        match place.node:
            case ast.Attribute(attr="dW" | "db" as name, ctx=ast.Load()):
                other = "db" if name == "dW" else "dW"
                yield context.renamed(place.node, name, other, "name")
            case ast.Attribute(attr="W" | "b" as name, value=owner, ctx=ast.Load()):
                if context.source(owner) != place.scope.me:
                    yield context.renamed(place.node, name, f"d{name}", "slip")
        yield from _owners(context, place)
        yield from _order(context, place)
    for scope in context.scopes:
        yield from _renumbered(context, scope)
        yield from _reversed_in_place(context, scope)


def _is_key(context: Context, node: ast.expr) -> bool:
    """Whether an expression is what a value is looked up by."""
    parent = context.parent(node)
    return context.is_index(node) or (isinstance(parent, ast.Dict) and node in parent.keys)


def _exchanged(context: Context, place: Place, key: str, keys: list[str]) -> Iterator[Edit]:
    node, source = place.node, context.source(place.node)
    set_nodes = [each for at in walk(place.scope.function) for each in _stored_keys(at)]
    stored = [each.value for each in set_nodes if isinstance(each, ast.Constant)]
    is_set = any(each is node for each in set_nodes)
    in_line = ast.unparse(place.statement).count(f"'{key}'") > 1
    for other in keys if source[:1] in "'\"" else ():
        alike = _stem(other) == _stem(key)
        if other == key or (not alike and len(other) != len(key)):
            continue
        if is_set and other in stored and stored.count(key) == 1:
            kind = "key overwritten"  # then that one is set twice, and this one no more
        elif other.lower() == key.lower() or (other not in stored and stored.count(key) > 1):
            kind = "key unset"
        else:
            kind = "key" if alike or in_line else "key overwritten"
        yield context.replaced(node, source[0] + other + source[0], kind)


def _stem(key: str) -> str:
    return key.rstrip("0123456789")


def _stored_keys(node: ast.AST) -> Iterator[ast.expr]:
    match node:
        case ast.Subscript(slice=key, ctx=ast.Store()):
            yield key
        case ast.Dict(keys=keys):
            yield from (key for key in keys if key is not None)


def _owners(context: Context, place: Place) -> Iterator[Edit]:
    """`self.affine1.dW` ↔ `self.affine2.dW`, `a1.dW` ↔ `a2.dW`: another owner."""
    node, source = place.node, context.source(place.node)
    if not isinstance(node, ast.Name | ast.Attribute) or not isinstance(node.ctx, ast.Load):
        return
    number = re.search(r"\d+$", source)
    parent = context.parent(node)
    if number is None or not isinstance(parent, ast.Attribute | ast.Call | ast.Tuple):
        return
    for other in _NUMBERS:
        name = source[: number.start()] + other
        if name != source and re.search(rf"{re.escape(name)}\b", context.text):
            yield context.replaced(node, name, "key")


def _order(context: Context, place: Place) -> Iterator[Edit]:
    """A list gone through the other way round."""
    node, statement, source = place.node, place.statement, context.source(place.node)
    match node:
        case ast.Subscript(value=value) if source.endswith("[::-1]"):
            yield context.replaced(node, context.fragment(value), "order")
        case ast.Call(func=ast.Name(id=name), args=arguments):
            if name == "reversed" and arguments:
                yield context.replaced(node, context.fragment(arguments[0]), "order")
        case ast.Call() | ast.Name() | ast.Attribute() if (
            isinstance(statement, ast.For) and statement.iter is node
        ):
            view = source.endswith((".values()", ".keys()"))
            listed = f"list({source})" if view else source
            yield context.replaced(node, f"reversed({listed})", "order")
            if not isinstance(node, ast.Call):
                turned = with_suffix(context.fragment(node), "[::-1]")
                yield context.replaced(node, turned, "order")


def _renumbered(context: Context, scope: Scope) -> Iterator[Edit]:
    """`Affine(p['W1'], p['b1'])` → `Affine(p['W2'], p['b2'])`: all keys of a value."""
    for statement in context.statements(scope):
        if not isinstance(statement, ast.Assign):
            continue
        text = context.source(statement.value)
        found = re.findall(r"""['"][Wb](\d)['"]""", text)
        if len(found) < 2 or len(set(found)) != 1:
            continue
        for other in _NUMBERS:
            if other not in found and re.search(rf"""['"]W{other}['"]""", context.text):
                new = re.sub(r"""(['"][Wb])\d(['"])""", rf"\g<1>{other}\g<2>", text)
                yield Edit(*context.span(statement.value), new, "key")


def _reversed_in_place(context: Context, scope: Scope) -> Iterator[Edit]:
    """`a.reverse()` and a loop over `a` → a loop over `reversed(a)`."""
    for one, other in itertools.pairwise(context.statements(scope)):
        match one, other:
            case (
                ast.Expr(value=ast.Call(func=ast.Attribute(value=owner, attr="reverse"), args=[])),
                ast.For(iter=row),
            ) if context.source(owner) == context.source(row):
                middle, end = context.span(row)
                head = context.text[context.span(other)[0] : middle]
                text = f"{head}reversed({context.source(row)})"
                yield Edit(context.span(one)[0], end, text, "order")
