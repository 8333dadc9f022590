"""What stands in an order that nobody means: read before it is set, backward before forward."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterable, Sequence

from trigrad.repair.edits.scope import Scope, is_attribute_of
from trigrad.subject.source.passes import side_of

_STALE = 0.8
"""An attribute that is read before the same call sets it: another call may have done so."""

_MISSED = 1.2
"""A local or an entry that is read before it is set: that raises."""

_BEFORE_FORWARD = 1.0
_BEFORE_BACKWARD = 0.6
_LAST_FIRST = 0.8
_NUMBERS = 0.8
_ACTIVATIONS = 0.6
_TWICE = 1.0
_INTERRUPTED = 0.3
_SIBLINGS = 0.3

_GRADIENT = re.compile(r"d[A-Za-z]\d?|d_?(weights?|bias|gamma|beta)|grads?")


def out_of_turn(nodes: Sequence[ast.AST], scope: Scope) -> float:
    """How odd the order is of what a function does; 0 for what is usual."""
    return _read_too_early(nodes, scope) + _passes_reversed(nodes, scope) + _unsorted(nodes)


def _read_too_early(nodes: Sequence[ast.AST], scope: Scope) -> float:
    """Names, attributes and entries that are read in front of the line that sets them."""
    inner = {
        each.id
        for node in nodes
        if isinstance(node, ast.comprehension)
        for each in ast.walk(node.target)
        if isinstance(each, ast.Name)
    }
    found: list[tuple[str, float, ast.expr]] = []
    for node in nodes:
        match node:
            case ast.Attribute() if is_attribute_of(node, scope.me):
                found.append((node.attr, _STALE, node))
            case ast.Name(id=name) if name not in scope.arguments and name not in inner:
                found.append((f"{name}:", _MISSED, node))
            case ast.Subscript(value=owner, slice=ast.Constant(value=str() as key)):
                found.append((f"{ast.unparse(owner)}[{key}]", _MISSED, node))
    first: dict[str, int] = {}
    for place, _, node in found:
        if isinstance(getattr(node, "ctx", None), ast.Store):
            first[place] = min(node.lineno, first.get(place, node.lineno))
    # `x = f(x)` reads x first.
    itself = {id(inner) for n in nodes if isinstance(n, ast.Assign) for inner in ast.walk(n)}
    early = {
        (place, weight)
        for place, weight, node in found
        if isinstance(getattr(node, "ctx", None), ast.Load)
        and node.lineno < first.get(place, 0) + (place.endswith(":") and id(node) in itself)
    }
    return sum(weight for _, weight in early)


def _passes_reversed(nodes: Sequence[ast.AST], scope: Scope) -> float:
    """Backward without a forward before, gradients read before it, the last layer's at the end."""
    looped = {id(inner) for node in nodes if isinstance(node, ast.For) for inner in ast.walk(node)}
    forward: list[int] = []
    backward: list[int] = []
    in_loop: list[int] = []
    for node in nodes:
        match node:
            case ast.Call(func=ast.Attribute(attr=name)):
                if side_of(name) == "backward":
                    (in_loop if id(node) in looped else backward).append(node.lineno)
                elif side_of(name) == "forward" or name in ("loss", "predict"):
                    forward.append(node.lineno)
    if not (backward or in_loop):
        return 0.0
    read = [
        node.lineno
        for node in nodes
        if isinstance(node, ast.Attribute)
        and isinstance(node.ctx, ast.Load)
        and _GRADIENT.fullmatch(node.attr)
        and not is_attribute_of(node, scope.me)
    ]
    odd = _BEFORE_FORWARD * bool(forward and min(forward) > min(backward + in_loop))
    odd += _BEFORE_BACKWARD * sum(line < max(backward + in_loop) for line in read)
    return odd + _LAST_FIRST * bool(in_loop and backward and max(backward) > min(in_loop))


def _unsorted(nodes: Iterable[ast.AST]) -> float:
    """Entries of dictionaries out of their order, or with something else between them."""
    odd = 0.0
    for node in nodes:
        body = getattr(node, "body", None)
        if isinstance(body, list):
            odd += _interrupted(body) + sum(map(_unnumbered, _entries(body).values()))
    return odd


_Entry = tuple[str, ast.expr]
"""A key and its value."""


def _entries(body: Iterable[ast.stmt]) -> dict[str, list[_Entry]]:
    """What a block puts into each dictionary, in its order."""
    entries: dict[str, list[_Entry]] = {}
    for statement in body:
        match statement:
            case ast.Assign(
                targets=[ast.Subscript(value=owner, slice=ast.Constant(value=str() as key))],
                value=value,
            ):
                entries.setdefault(ast.unparse(owner), []).append((key, value))
    return entries


def _interrupted(body: Sequence[ast.stmt]) -> float:
    owners = [next(iter(_entries([each])), "") for each in body]
    runs = [owner for owner, _ in itertools.groupby(owners) if owner]
    return _INTERRUPTED * (len(runs) - len(set(runs)))


def _unnumbered(entries: Sequence[_Entry]) -> float:
    """`W2` before `W1`, or `b2, W2` after `W1, b1`; one key twice; activations side by side."""
    keys = [key for key, _ in entries]
    odd = _TWICE * (len(keys) - len(set(keys)))
    split = [re.fullmatch(r"(.*?)(\d*)", key, re.DOTALL) for key in keys]
    parts = [each.groups() for each in split if each]
    for (_, one), (_, other) in itertools.pairwise(parts):
        odd += _NUMBERS * bool(one and other and int(one) > int(other))
    numbered: dict[str, list[str]] = {}
    for stem, number in parts:
        if number:
            numbered.setdefault(number, []).append(stem)
    ways = {tuple(stems) for stems in numbered.values()}
    odd += _SIBLINGS * (len(ways) - len({tuple(sorted(way)) for way in ways}))
    return odd + (_activations([value for _, value in entries]) if len(entries) > 1 else 0.0)


def _activations(values: Sequence[ast.expr]) -> float:
    """Layers without parameters at an end, or side by side."""
    if not all(isinstance(each, ast.Call) and isinstance(each.func, ast.Name) for each in values):
        return 0.0
    bare = [isinstance(e, ast.Call) and not e.args and not e.keywords for e in values]
    beside = sum(one and other for one, other in itertools.pairwise(bare))
    return _ACTIVATIONS * (bare[0] + bare[-1] + beside)
