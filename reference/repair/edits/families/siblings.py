"""Entries of dictionaries that sibling entries suggest: `b2` after `W1`, `b1` and `W2`."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from trigrad.repair.edits.context import Context
from trigrad.repair.edits.edit import Edit
from trigrad.repair.edits.scope import NameKind, Scope, guessed

_MOST = 9
"""The most ways in which the sizes in a sibling's value are exchanged."""


def examples() -> tuple[tuple[str, str], ...]:
    """Texts before and after an edit of this family."""
    grads = "g['W1'] = self.a1.dW\ng['b1'] = self.a1.db\ng['W2'] = self.a2.dW\n{}return g"
    braces = "grads = {{'W1': self.a1.dW, 'b1': self.a1.db, 'W2': self.a2.dW{}}}"
    layers = (
        "class N:\n    def forward(self, dout):\n        layers['A1'] = Affine(dout)\n{}"
        "        layers['A2'] = Affine(dout)"
    )
    return (
        (grads.format(""), grads.format("g['b2'] = self.a2.db\n")),
        (braces.format(""), braces.format(', "b2": self.a2.db')),
        (grads.format("g['b2'] = dout\n"), grads.format("g['b2'] = self.a2.db\n")),
        (layers.format(""), layers.format("        layers['Relu1'] = Relu()\n")),
    )


@dataclass(frozen=True)
class Entry:
    """`self.params['W1'] = …`, or `"W1": …` between braces."""

    owner: str
    """The dictionary, as it is written."""
    key: str
    value: ast.expr
    target: ast.Subscript | None
    """What a statement of its own sets."""

    @property
    def stem(self) -> str:
        """The key without the number at its end."""
        return self.key.rstrip("0123456789")

    @property
    def number(self) -> str:
        """The number at the key's end."""
        return self.key[len(self.stem) :]


def edits(context: Context) -> Iterator[Edit]:
    """All edits that make an entry like a sibling of it."""
    for scope in context.scopes:
        entries = list(entries_of(context, scope))
        numbers = {each.number for each in entries if each.number}
        for owner in dict.fromkeys(each.owner for each in entries):
            own = [each for each in entries if each.owner == owner]
            yield from _alike(context, scope, own)
            yield from _missing(context, scope, own, numbers)
            yield from _left_out(context, own)


def entries_of(context: Context, scope: Scope) -> Iterator[Entry]:
    """What a function puts into dictionaries under keys that are written out."""
    source = context.source
    for statement in context.statements(scope):
        match statement:
            case (
                ast.Assign(
                    targets=[ast.Subscript(slice=ast.Constant(value=str() as key)) as target],
                    value=value,
                )
                | ast.AugAssign(
                    target=ast.Subscript(slice=ast.Constant(value=str() as key)) as target,
                    value=value,
                )
            ):
                yield Entry(source(target.value), key, value, target)
            case ast.Assign(targets=[target], value=ast.Dict(keys=keys, values=values)):
                for name, value in zip(keys, values, strict=True):
                    if isinstance(name, ast.Constant) and isinstance(name.value, str):
                        yield Entry(source(target), name.value, value, None)


def _alike(context: Context, scope: Scope, entries: list[Entry]) -> Iterator[Edit]:
    """The value of an entry like that of a sibling."""
    for entry, model in itertools.permutations(entries, 2):
        if entry.stem == model.stem and entry.number and model.number:
            for text in _written(context, scope, model, entry.number):
                if text != context.whole(entry.value):
                    yield Edit(*context.outer(entry.value), text, "sibling")


def _written(context: Context, scope: Scope, model: Entry, number: str) -> Iterator[str]:
    """The value of an entry for another number, with one choice of sizes after the other."""
    text = context.whole(model.value)
    text = re.sub(rf"(?<=[A-Za-z_]){model.number}\b", number, text)
    sizes = [name for name in scope.arguments if guessed(name) is NameKind.COUNT]
    used = [name for name in sizes if re.search(rf"\b{name}\b", text)]
    ways = sorted(
        itertools.permutations(sizes, len(used)),
        # At the same place another size is likelier than one that was there before.
        key=lambda way: sum(one == other for one, other in zip(way, used, strict=True)),
    )
    for way in [tuple(used), *ways][:_MOST]:
        renamed = dict(zip(used, way, strict=True))
        yield "".join(renamed.get(word, word) for word in re.split(r"(\w+)", text))


def _missing(
    context: Context, scope: Scope, entries: list[Entry], numbers: set[str]
) -> Iterator[Edit]:
    """An entry that its siblings have, and others with its number."""
    for stem in dict.fromkeys(each.stem for each in entries if each.number):
        models = [each for each in entries if each.stem == stem and each.number]
        for number in sorted(numbers - {each.number for each in models}):
            for at, before in _neighbours(entries, models[0], number):
                for text in _written(context, scope, models[0], number):
                    key = f"{stem}{number}"
                    yield from _added(context, at, key, text, "entry added", before=before)


def _neighbours(entries: list[Entry], model: Entry, number: str) -> list[tuple[Entry, bool]]:
    """Beside which entries one like a model may have to stand, and whether in front of them.

    Where it stands among those of its own number as the model does among those of its; else at
    the end at which the numbers go on, for what holds layers goes from the first to the last.
    """
    beside = [each for each in entries if each.number == number]
    around = [each.stem for each in entries if each.number == model.number]
    place = around.index(model.stem)
    found = [(each, False) for each in beside if each.stem in around[:place]][-1:]
    found += [(each, True) for each in beside if each.stem in around[place:]][:1]
    last = number > model.number
    found += [(entries[-1 if last else 0], not last), (model, not last)]
    return found[:2]


def _added(
    context: Context, at: Entry, key: str, value: str, kind: str, *, before: bool = False
) -> Iterator[Edit]:
    """An entry inserted in front of another one, or behind it."""
    if at.target is None:
        start, end = context.outer(at.value)
        line = context.text[context.text.rfind("\n", 0, start) + 1 : start]
        indent = line[: len(line) - len(line.lstrip())]
        gap = f"\n{indent}" if re.match(r"\s*['\"]", line) else " "
        yield Edit(end, end, f',{gap}"{key}": {value}', kind)
        return
    quote = context.source(at.target.slice)[0]
    if quote in "'\"":
        line = f"{at.owner}[{quote}{key}{quote}] = {value}"
        insert = context.line_before if before else context.line_after
        yield from insert(context.statement(at.target), line, kind)


def _left_out(context: Context, entries: list[Entry]) -> Iterator[Edit]:
    """A layer without parameters that stands nowhere, inserted between those that are listed."""
    calls = [isinstance(e.value, ast.Call) and isinstance(e.value.func, ast.Name) for e in entries]
    if len(entries) > 1 and all(calls):
        for name in context.unknown_classes:
            for at in entries[:-1]:
                yield from _added(context, at, f"{name}1", f"{name}()", "layer added")
