"""What a layer usually says, in the learner's own names: expressions of the contract put in place.

The expressions are written in the names of operands and parameters, with `dout` for what backward
is given and `out` for any array that the layer keeps.
"""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator, Sequence

from trigrad.repair.edits.context import Context, Place
from trigrad.repair.edits.edit import Edit
from trigrad.repair.edits.expression import Fragment, rank_of
from trigrad.repair.edits.families.reuse import is_side
from trigrad.repair.edits.scope import NameKind, kind_of
from trigrad.subject.source.passes import side_of

_COST = 2.1
"""Dearer than a slip: what stands there is not mended but written anew."""

_MISNAMED = 1.2
"""What it costs more to give the name of a number of entries to something else."""

_MOST = 4
"""So many readings of one expression in the names at one place."""


def edits(context: Context) -> Iterator[Edit]:
    """A whole side replaced by what usually stands in such a layer; a missing line put in."""
    sides = [place for place in context.places if is_side(context, place)]
    for place in sides:
        seen = {context.layout.source(place.node)}
        for usual in context.usual:
            if isinstance(_tree(usual), ast.Tuple) and not _is_returned(context, place):
                continue
            more = 0.15 if isinstance(place.statement, ast.Return) else 0.0
            more += _MISNAMED if _is_count(place) and not _counts(usual) else 0.0
            for text in _with_counts(context, place, readings(context, place, usual)):
                if text not in seen:
                    seen.add(text)
                    cost = _COST + 0.004 * len(text) + more
                    piece = Fragment(text, rank_of(_tree(usual)))
                    yield context.replaced(place.node, piece, "usual", cost)
        if _is_returned(context, place):
            yield from _kept(context, place)


def _with_counts(context: Context, place: Place, texts: Iterator[str]) -> Iterator[str]:
    """The texts, with `n` for `y.shape[0]` where a line before has set `n = y.shape[0]`."""
    counts = {
        context.layout.source(each.value): target.id
        for each in context.statements(place.scope)
        if isinstance(each, ast.Assign) and each.lineno < place.statement.lineno
        for target in each.targets
        if isinstance(target, ast.Name) and kind_of(each.value, target.id) is NameKind.COUNT
    }
    for text in texts:
        shorter = text
        for count, name in counts.items():
            shorter = re.sub(rf"(?<![\w.]){re.escape(count)}", name, shorter)
        yield from dict.fromkeys((shorter, text))


def _is_returned(context: Context, place: Place) -> bool:
    """Whether an expression is all that a `return` gives."""
    return isinstance(place.statement, ast.Return) and context.parent(place.node) is place.statement


def _kept(context: Context, place: Place) -> Iterator[Edit]:
    """An attribute that is read and nowhere set, set in front of a `return`."""
    me = place.scope.me
    scopes = context.shared.scopes
    loaded = {name for scope in scopes for name in scope.loaded}
    # A placeholder in the constructor is no value.
    stored = {
        name
        for scope in scopes
        for name in scope.stored
        if scope.function.name != "__init__" or name in scope.arguments
    }
    missed = loaded - stored - context.shared.methods
    start, _ = context.layout.span(place.statement)
    line = context.text.rfind("\n", 0, start) + 1
    indent = context.text[line:start]
    if not me or indent.strip():
        return
    for name in sorted(missed - context.shared.class_names):
        for usual in context.usual:
            for text in readings(context, place, usual):
                if f"{me}.{name}" not in text:
                    new = f"{indent}{me}.{name} = {text}\n"
                    yield Edit(line, line, new, "usual line added", _COST)


def _tree(usual: str) -> ast.expr:
    return ast.parse(usual, mode="eval").body


def _is_count(place: Place) -> bool:
    """Whether a place is what a name for a number of entries is set to."""
    match place.statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            return place.node is value and kind_of(value, name) is NameKind.COUNT
        case _:
            return False


def _counts(usual: str) -> bool:
    return kind_of(_tree(usual), "") is NameKind.COUNT


def readings(context: Context, place: Place, usual: str) -> Iterator[str]:
    """An expression with the names that stand at a place for its own."""
    wanted = {node.id for node in ast.walk(_tree(usual)) if isinstance(node, ast.Name)}
    values = context.value_names(place)
    names = sorted(name for name in wanted if name not in context.known | {"np"})
    choices = [_standing_for(name, place, values) for name in names]
    for chosen in itertools.islice(itertools.product(*choices), _MOST):
        renamed = dict(zip(names, chosen, strict=True))
        read = _tree(usual)
        for node in ast.walk(read):
            if isinstance(node, ast.Name):
                node.id = renamed.get(node.id, node.id)
        text = ast.unparse(read).replace("1e-07", "1e-7")
        yield text[1:-1] if isinstance(read, ast.Tuple) else text


def _standing_for(name: str, place: Place, values: Sequence[str]) -> list[str]:
    """The names at a place that may stand for one of the contract's."""
    me, arguments = place.scope.me, place.scope.arguments
    if name == "dout":
        return arguments[:1] if arguments and place.scope.function.name != "__init__" else []
    if name == "out":
        return [value for value in values if value.startswith(f"{me}.")] if me else []
    spelt = {name, name.lower(), name.upper(), f"{me}.{name}"}
    found = [value for value in values if value in spelt]
    if not found and name == "x" and me and side_of(place.scope.function.name) == "forward":
        return arguments[:1]  # what forward is given may have any name
    return found
