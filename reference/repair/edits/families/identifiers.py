"""Names exchanged: attributes, locals and arguments; undefined ones for those that are near."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterator

from trigrad.repair.edits.context import Context
from trigrad.repair.edits.edit import Edit
from trigrad.repair.edits.roles import Place
from trigrad.repair.edits.scope import NameKind, guessed, is_attribute_of
from trigrad.subject.source.walking import walk

_NEAREST = 12
"""The most names that are tried for one that is undefined."""


def examples() -> tuple[tuple[str, str], ...]:
    """Texts before and after an edit of this family."""
    return (
        ("a = dout * 2\nb = dout * 3\nreturn a", "a = dout * 2\nb = dout * 3\nreturn b"),
        ("dX = dout * 2\nreturn dx", "dX = dout * 2\nreturn dX"),
        ("return dout / batch_size", "return dout / dout.shape[0]"),
        (
            "class A:\n    def forward(self, x):\n        out = x\n        return x\n\n"
            "    def backward(self, dout):\n        return dout * self.out",
            "class A:\n    def forward(self, x):\n        self.out = x\n        return x\n\n"
            "    def backward(self, dout):\n        return dout * self.out",
        ),
        (
            "class Relu:\n    def forward(self, x):\n        Relu.mask = x > 0\n"
            "        return x * Relu.mask",
            "class Relu:\n    def forward(self, x):\n        self.mask = x > 0\n"
            "        return x * self.mask",
        ),
    )


def edits(context: Context) -> Iterator[Edit]:
    """All edits that concern names."""
    for place in context.places:
        node = place.node
        if isinstance(node, ast.Name | ast.Attribute):
            if _owner(node) == context.definition.name and place.scope.me:
                name = f"{place.scope.me}.{ast.unparse(node).split('.')[-1]}"
                yield context.replaced(node, name, "self added")
            elif isinstance(node.ctx, ast.Load):
                yield from _read(context, place, node)
            else:
                yield from _set(context, place, node)
    yield from _own(context)


def _owner(node: ast.expr) -> str:
    """The `a` of `a.b`; empty for anything else."""
    match node:
        case ast.Attribute(value=ast.Name(id=name)):
            return name
    return ""


def _own(context: Context) -> Iterator[Edit]:
    """`Relu.mask` as `self.mask` wherever the class says so."""
    name = context.definition.name
    found = [place for place in context.places if _owner(place.node) == name]
    if len(found) < 2 or not all(place.scope.me for place in found):
        return
    first, last = context.span(found[0].node)[0], context.span(found[-1].node)[0]
    text, at = "", first
    for place in found:
        start = context.span(place.node)[0]
        text += context.text[at:start] + place.scope.me
        at = start + len(name)
    yield Edit(first, last + len(name), text, "self added")


def nearness(one: str, other: str) -> float:
    """How much two names look alike, from 0 to 1; `self.` is left out of account."""
    one, other = one.split(".")[-1], other.split(".")[-1]
    alike = difflib.SequenceMatcher(None, one.lower(), other.lower()).ratio()
    return alike + (one == other)


def _read(context: Context, place: Place, node: ast.Name | ast.Attribute) -> Iterator[Edit]:
    me, source = place.scope.me, context.source(node)
    if isinstance(node, ast.Name):
        if context.undefined(node.id, place.scope):
            yield from _instead(context, place, node, source)
            return
        if node.id == me or node.id in context.known or context.is_called(node):
            return
        kind = place.scope.at(place.statement.lineno).get(node.id, NameKind.THING)
    elif is_attribute_of(node, me):
        if node.attr in context.methods or context.is_called(node):
            return
        kind = context.attributes.get(node.attr, guessed(node.attr))
        if node.attr not in context.stored | context.class_names:
            yield from _instead(context, place, node, source)
    else:
        return
    usable = context.is_operand(place) or _indexes_or_owns(context, node)
    if kind is NameKind.THING or not usable:
        return
    is_value = kind is NameKind.VALUE
    names = context.readable(place) if is_value else context.value_names(place, kind)
    # `self.x = x`: the names say that it is meant.
    meant = place.is_kept_argument and f".{source} " in context.source(place.statement)
    for name in _ranked(set(names) - {source}, source):
        yield context.replaced(node, name, "expression reused" if meant else "name")


def _indexes_or_owns(context: Context, node: ast.expr) -> bool:
    """Whether a name is (part of) an index, or what is indexed, or what a shape is asked of."""
    parent = context.parent(node)
    match parent:
        case ast.Attribute(attr="shape" | "size" | "ndim" | "T") | ast.Starred():
            return True
        case ast.Subscript(slice=index) if index is node:
            return True
        case ast.Compare():
            return isinstance(context.parent(parent), ast.Subscript)
        case ast.Call(args=arguments):
            return node in arguments or isinstance(parent.func, ast.Attribute)
        case ast.Attribute():
            return isinstance(context.parent(parent), ast.Call)
    return False


def _instead(
    context: Context, place: Place, node: ast.Name | ast.Attribute, source: str
) -> Iterator[Edit]:
    """What an undefined name may stand for, what is spelt most alike first."""
    names = context.value_names(place, *NameKind)
    if isinstance(node, ast.Name) and guessed(node.id) is NameKind.COUNT:
        for name in context.value_names(place):
            if not isinstance(context.parent(node), ast.Attribute):
                yield context.replaced(node, f"{name}.shape[0]", "undefined name")
    if context.is_called(node):
        names += [f"{place.scope.me}.{each}" for each in context.methods if place.scope.me]
        names += sorted(context.known)
    ranked = sorted(names, key=lambda name: -nearness(name, source))
    for number, name in enumerate(ranked[:_NEAREST]):
        if name != source:
            kind = "name" if number else "undefined name"
            yield context.replaced(node, name, kind)


def _set(context: Context, place: Place, node: ast.Name | ast.Attribute) -> Iterator[Edit]:
    """Another target: a missing `self.`, a superfluous one, another spelling."""
    scope, me = place.scope, place.scope.me
    if not me or not isinstance(place.statement, ast.Assign | ast.AugAssign | ast.AnnAssign):
        return
    wanted = context.loaded | set(context.attributes)
    missing = context.missing(scope)
    if isinstance(node, ast.Name):
        unread = not _reads(scope.function, node.id)
        if node.id in wanted or unread:
            # `x = x.reshape(…)` changes an argument; `x = x` changes nothing.
            changes = node.id in scope.arguments and not place.keeps_argument
            yield context.replaced(
                node, f"{me}.{node.id}", "target" if changes and not unread else "self added"
            )
        for name in _ranked(wanted - {node.id}, node.id) if unread else ():
            if context.attributes.get(name) is not NameKind.THING:
                yield context.replaced(node, f"{me}.{name}", "target")
        for name in missing:
            yield context.replaced(node, name, "missing target")
        for name in _ranked({*scope.locals, *scope.arguments} - {node.id}, node.id):
            looped = isinstance(context.parent(place.statement), ast.For | ast.While)
            if looped or _read_next(scope.function, name, place.statement):
                yield context.replaced(node, name, "target")
    elif is_attribute_of(node, me):
        others = context.loaded - context.stored
        if node.attr not in context.loaded:
            others |= wanted
        elsewhere = {name for each in context.scopes if each is not scope for name in each.stored}
        for name in _ranked(others - {node.attr}, node.attr):
            # An attribute that no other method sets: more likely this name is the wrong one.
            alone = node.attr not in elsewhere and name in elsewhere and not scope.constructs
            kind = "missing target" if alone else "target"
            if name.lower() == node.attr.lower() and not scope.constructs:
                kind = "undefined name"
            yield context.replaced(node, f"{me}.{name}", kind)
        kind = "missing target" if node.attr in missing else "self dropped"
        yield context.replaced(node, node.attr, kind)


def _ranked(names: set[str], like: str) -> list[str]:
    return sorted(names, key=lambda name: (-nearness(name, like), name))


def _read_next(function: ast.FunctionDef, name: str, statement: ast.stmt) -> bool:
    """Whether a local, set by a statement, is read before it is set once more."""
    later = [
        (node.lineno, isinstance(node.ctx, ast.Store))
        for node in walk(function)
        if isinstance(node, ast.Name) and node.id == name
        if node.lineno > (statement.end_lineno or statement.lineno)
    ]
    return bool(later) and not min(later)[1]


def _reads(function: ast.FunctionDef, name: str) -> bool:
    names = [node for node in walk(function) if isinstance(node, ast.Name)]
    return any(node.id == name and isinstance(node.ctx, ast.Load) for node in names)
