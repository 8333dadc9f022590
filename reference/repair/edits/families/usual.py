"""What a layer usually says, in the learner's own names: expressions of the contract put in place.

The expressions are written in the names of operands and parameters, with `dout` for what backward
is given and `out` for any array that the layer keeps.
"""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator, Sequence

from trigrad.repair.edits.context import Context
from trigrad.repair.edits.edit import Edit
from trigrad.repair.edits.expression import Fragment, rank_of
from trigrad.repair.edits.roles import Place
from trigrad.repair.edits.scope import NameKind, kind_of
from trigrad.subject.source.passes import side_of
from trigrad.subject.source.walking import walk

_MOST = 4
"""The most readings of one expression in the names at one place."""


def examples() -> tuple[tuple[str, str], ...]:
    """Texts before and after an edit of this family; it offers `dout * out * (1 - out)`."""
    frame = (
        "class Sigmoid:\n    def forward(self, x):\n        self.y = 1 / (1 + np.exp(-x))\n"
        "        return self.y\n\n    def backward(self, dz):\n        return {}"
    )
    return ((frame.format("dz"), frame.format("dz * self.y * (1 - self.y)")),)


def edits(context: Context) -> Iterator[Edit]:
    """A whole side replaced by what usually stands in such a layer; a missing line inserted."""
    for place in context.places if context.usual else ():
        if not context.is_side(place):
            continue
        returned = isinstance(place.statement, ast.Return)
        whole = returned and context.parent(place.node) is place.statement
        seen = {context.source(place.node)}
        for usual in context.usual:
            if isinstance(_tree(usual), ast.Tuple) and not whole:
                continue
            misnamed = _is_count(place) and kind_of(_tree(usual), "") is not NameKind.COUNT
            for text in _with_counts(context, place, readings(context, place, usual)):
                if text not in seen and not misnamed:
                    seen.add(text)
                    new = Fragment(text, rank_of(_tree(usual)))
                    yield context.replaced(place.node, new, "usual")
        if whole:
            yield from _kept(context, place)


def _with_counts(context: Context, place: Place, texts: Iterator[str]) -> Iterator[str]:
    """The texts, with `n` for `y.shape[0]` where a line before has set `n = y.shape[0]`."""
    counts = {
        context.source(each.value): target.id
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


def _kept(context: Context, place: Place) -> Iterator[Edit]:
    """An attribute that is read and nowhere set, set in front of a `return`."""
    me = place.scope.me
    # A placeholder in the constructor is no value.
    stored = {
        name
        for scope in context.scopes
        for name in scope.stored
        if not scope.constructs or name in scope.arguments
    }
    missing = context.loaded - stored - context.methods - context.class_names
    for name in sorted(missing) if me else ():
        for usual in context.usual:
            for text in readings(context, place, usual):
                if f"{me}.{name}" not in text:
                    line = f"{me}.{name} = {text}"
                    yield from context.line_before(place.statement, line, "usual")


def _tree(usual: str) -> ast.expr:
    return ast.parse(usual, mode="eval").body


def _is_count(place: Place) -> bool:
    """Whether a place is what a name for a number of entries is set to."""
    match place.statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            return place.is_value and kind_of(value, name) is NameKind.COUNT
    return False


def readings(context: Context, place: Place, usual: str) -> Iterator[str]:
    """An expression with the names that stand at a place for its own."""
    wanted = {node.id for node in walk(_tree(usual)) if isinstance(node, ast.Name)}
    values = context.value_names(place)
    names = sorted(name for name in wanted if name not in context.known | {"np"})
    choices = [_standing_for(name, place, values) for name in names]
    for chosen in itertools.islice(itertools.product(*choices), _MOST):
        renamed = dict(zip(names, chosen, strict=True))
        read = _tree(usual)
        for node in walk(read):
            if isinstance(node, ast.Name):
                node.id = renamed.get(node.id, node.id)
        text = context.spelt(ast.unparse(read)).replace("1e-07", "1e-7")
        yield text[1:-1] if isinstance(read, ast.Tuple) else text


def _standing_for(name: str, place: Place, values: Sequence[str]) -> list[str]:
    """The names at a place that may stand for one of the contract's."""
    me, arguments = place.scope.me, place.scope.arguments
    if name == "dout":
        return [] if place.scope.constructs else arguments[:1]
    if name == "out":
        return [value for value in values if not me or value.startswith(f"{me}.")][-_MOST:]
    spelt = {name, name.lower(), name.upper(), f"{me}.{name}"}
    found = [value for value in values if value in spelt]
    side = side_of(place.scope.function.name)
    if not found and name == "x" and me and side == "forward":
        return arguments[:1]  # what forward is given may have any name
    if not found and name == "x" and not me and side == "backward":
        return arguments[1:2]  # and what a function keeps for another
    return found
