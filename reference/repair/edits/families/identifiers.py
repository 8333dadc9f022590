"""Names exchanged: attributes, locals and arguments; undefined ones for those that are near."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterator

from trigrad.repair.edits.context import Context, Place
from trigrad.repair.edits.edit import Edit
from trigrad.repair.edits.expression import Fragment
from trigrad.repair.edits.scope import NameKind, Scope, guessed, is_attribute_of


def edits(context: Context) -> Iterator[Edit]:
    """All edits that concern names."""
    for place in context.places:
        node = place.node
        if isinstance(node, ast.Name | ast.Attribute):
            if isinstance(node.ctx, ast.Load):
                yield from _read(context, place, node)
            else:
                yield from _set(context, place, node)
    yield from _own(context)


def _own(context: Context) -> Iterator[Edit]:
    """`Relu.mask` as `self.mask` wherever the class says so."""
    name = context.definition.name
    found = [
        (*context.layout.span(place.node.value), place.scope.me)
        for place in context.places
        if isinstance(place.node, ast.Attribute)
        and isinstance(place.node.value, ast.Name)
        and place.node.value.id == name
    ]
    if len(found) < 2 or not all(me for *_, me in found):
        return
    first, last = found[0][0], found[-1][1]
    text, at = "", first
    for start, end, me in found:
        text += context.text[at:start] + me
        at = end
    yield Edit(first, last, text, "self added", 0.5)


def nearness(one: str, other: str) -> float:
    """How much two names look alike, from 0 to 1; `self.` counts for nothing."""
    one, other = one.split(".")[-1], other.split(".")[-1]
    if one == other:
        return 1.0
    return 0.95 * difflib.SequenceMatcher(None, one.lower(), other.lower()).ratio()


def _read(context: Context, place: Place, node: ast.Name | ast.Attribute) -> Iterator[Edit]:
    me = place.scope.me
    source = context.layout.source(node)
    if isinstance(node, ast.Name):
        if context.undefined(node.id, place):
            yield from _instead(context, place, node, source)
            return
        if node.id == me or node.id in context.known or _called(context, node):
            return
        kind = place.scope.at(place.statement.lineno).get(node.id)
        if kind is None:
            return
    elif is_attribute_of(node, me):
        if node.attr in context.shared.methods or _called(context, node):
            return
        kind = context.shared.attributes.get(node.attr, guessed(node.attr))
        if not any(node.attr in scope.stored for scope in context.shared.scopes) and (
            node.attr not in context.shared.class_names
        ):
            yield from _instead(context, place, node, source)
    elif isinstance(node.value, ast.Name) and node.value.id == context.definition.name:
        if me:
            yield context.replaced(node, Fragment(f"{me}.{node.attr}"), "self added", 0.6)
        return
    else:
        return
    if kind is NameKind.THING:
        return
    if not context.is_operand(place) and not _indexes_or_owns(context, node):
        return
    values = kind is NameKind.VALUE
    for name in context.readable(place) if values else context.value_names(place, kind):
        if name != source:
            cost = 1.4 - 0.4 * nearness(name, source)
            if "." in name and name.split(".")[-1] in place.scope.arguments:
                cost += 0.12  # the argument of that name is at hand
            if "." not in name and name not in place.scope.arguments:
                cost += 0.1
            if name[-1].isdigit() and name[-1] == source[-1]:
                cost -= 0.25  # `z1` for `a1`: of one layer
            yield context.replaced(node, Fragment(name), "name", cost)


def _indexes_or_owns(context: Context, node: ast.expr) -> bool:
    """Whether a name is an index, what is indexed, or what a shape is asked of."""
    parent = context.parent(node)
    match parent:
        case ast.Attribute(attr="shape" | "size" | "ndim" | "T"):
            return True
        case ast.Subscript(slice=index) if index is node:
            return True
        case ast.Call(args=arguments) if node in arguments:
            return True
        case ast.Call(func=ast.Attribute()) | ast.Starred():
            return True
        case ast.Attribute(value=value) if value is node:
            return isinstance(context.parent(parent), ast.Call)
        case _:
            return False


def _called(context: Context, node: ast.expr) -> bool:
    parent = context.parent(node)
    return isinstance(parent, ast.Call) and parent.func is node


def _instead(
    context: Context, place: Place, node: ast.Name | ast.Attribute, source: str
) -> Iterator[Edit]:
    """What an undefined name may stand for, what is spelt most alike first."""
    names = context.value_names(place, *NameKind)
    if isinstance(node, ast.Name) and guessed(node.id) is NameKind.COUNT:
        for number, name in enumerate(context.value_names(place)):
            if not isinstance(context.parent(node), ast.Attribute):
                piece = Fragment(f"{name}.shape[0]")
                yield context.replaced(node, piece, "undefined name", 0.9 + 0.02 * number)
    if _called(context, node):
        names = [f"{place.scope.me}.{each}" for each in context.shared.methods if place.scope.me]
        names += sorted(context.known)
    ranked = sorted(names, key=lambda name: -nearness(name, source))
    for number, name in enumerate(ranked[:12]):
        cost = 0.2 + 0.8 * (1 - nearness(name, source)) + 0.01 * number
        if name != source:
            yield context.replaced(node, Fragment(name), "undefined name", cost)


def _set(context: Context, place: Place, node: ast.Name | ast.Attribute) -> Iterator[Edit]:
    """Another target: a missing `self.`, a superfluous one, another spelling."""
    scope, shared = place.scope, context.shared
    me = scope.me
    if not me or not isinstance(place.statement, ast.Assign | ast.AugAssign | ast.AnnAssign):
        return
    wanted = {name for each in shared.scopes for name in each.loaded} | set(shared.attributes)
    if isinstance(node, ast.Name):
        rest = _reads(scope.function, node.id)
        if node.id in wanted or not rest:
            cost = 0.4 if not rest or node.id not in scope.arguments else 1.0
            yield context.replaced(node, Fragment(f"{me}.{node.id}"), "self added", cost)
        after = _reads(scope.function, node.id, place.statement.lineno)
        for name in sorted(wanted - {node.id}):
            if not rest and shared.attributes.get(name) is not NameKind.THING:
                cost = 1.2 + 0.8 * (1 - nearness(name, node.id))
                yield context.replaced(node, Fragment(f"{me}.{name}"), "target", cost)
        for name in missed(context, scope):
            yield context.replaced(node, Fragment(name), "target", 0.5 + 0.3 * (rest > 0))
        for name in sorted({*scope.locals, *scope.arguments} - {node.id}):
            looped = isinstance(context.parent(place.statement), ast.For | ast.While)
            if not looped and not _read_next(scope.function, name, place.statement):
                continue
            cost = (1.6 if after else 1.1) + 0.6 * (1 - nearness(name, node.id))
            yield context.replaced(node, Fragment(name), "target", cost)
        return
    if is_attribute_of(node, me):
        loaded = {name for each in shared.scopes for name in each.loaded}
        unset = loaded - {name for each in shared.scopes for name in each.stored}
        others = (wanted | loaded) if node.attr not in loaded else unset
        usual = {name for each in shared.scopes for name in each.stored if each is not scope}
        for name in sorted(others - {node.attr}):
            cost = 1.0 + 0.8 * (1 - nearness(name, node.attr)) + 0.5 * context.constructs(place)
            if node.attr not in usual and name in usual and not context.constructs(place):
                cost -= 0.5
            yield context.replaced(node, Fragment(f"{me}.{name}"), "target", cost)
        yield context.replaced(
            node,
            Fragment(node.attr),
            "self dropped",
            0.5 if node.attr in missed(context, scope) else 1.6,
        )
    elif isinstance(node.value, ast.Name) and node.value.id == context.definition.name:
        yield context.replaced(node, Fragment(f"{me}.{node.attr}"), "self added", 0.4)


def _read_next(function: ast.FunctionDef, name: str, statement: ast.stmt) -> bool:
    """Whether a local, set by a statement, is read before it is set once more."""
    later = [
        (node.lineno, isinstance(node.ctx, ast.Store))
        for node in ast.walk(function)
        if isinstance(node, ast.Name) and node.id == name
        if node.lineno > (statement.end_lineno or statement.lineno)
    ]
    return bool(later) and not min(later)[1]


def missed(context: Context, scope: Scope) -> list[str]:
    """Names that a function reads and that nothing sets."""
    place = Place(ast.Name("_"), scope, scope.function)
    read = {node.id for node in ast.walk(scope.function) if isinstance(node, ast.Name)}
    called = {
        node.func.id
        for node in ast.walk(scope.function)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    return sorted(name for name in read - called if context.undefined(name, place))


def _reads(function: ast.FunctionDef, name: str, after: int = 0) -> int:
    return sum(
        isinstance(node, ast.Name)
        and node.lineno > after
        and node.id == name
        and isinstance(node.ctx, ast.Load)
        for node in ast.walk(function)
    )
