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
"""So many ways to exchange the sizes in a sibling's value."""


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
    for scope in context.shared.scopes:
        entries = list(entries_of(context, scope))
        numbers = {each.number for each in entries if each.number}
        for owner in dict.fromkeys(each.owner for each in entries):
            own = [each for each in entries if each.owner == owner]
            yield from _alike(context, scope, own)
            yield from _missing(context, scope, own, numbers)
            yield from _left_out(context, own)


def entries_of(context: Context, scope: Scope) -> Iterator[Entry]:
    """What a function puts into dictionaries under keys that are written out."""
    source = context.layout.source
    for statement in context.statements(scope):
        match statement:
            case (
                ast.Assign(targets=[ast.Subscript() as target], value=value)
                | ast.AugAssign(target=ast.Subscript() as target, value=value)
            ) if isinstance(target.slice, ast.Constant) and isinstance(target.slice.value, str):
                yield Entry(source(target.value), target.slice.value, value, target)
            case ast.Assign(targets=[target], value=ast.Dict(keys=keys, values=values)):
                for name, value in zip(keys, values, strict=True):
                    if isinstance(name, ast.Constant) and isinstance(name.value, str):
                        yield Entry(source(target), name.value, value, None)


def _alike(context: Context, scope: Scope, entries: list[Entry]) -> Iterator[Edit]:
    """The value of an entry like that of a sibling."""
    for entry, model in itertools.permutations(entries, 2):
        if entry.stem != model.stem or not entry.number or not model.number:
            continue
        span = context.layout.outer(entry.value)
        there = context.text[slice(*span)]
        for number, text in enumerate(_written(context, scope, model, entry.number)):
            if text != there:
                yield Edit(*span, text, "sibling", 1.3 + 0.02 * number)


def _written(context: Context, scope: Scope, model: Entry, number: str) -> Iterator[str]:
    """The value of an entry for another number, with one choice of sizes after the other."""
    text = context.layout.whole(model.value)
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
        words = re.split(r"(\w+)", text)
        yield "".join(renamed.get(word, word) for word in words)


def _missing(
    context: Context, scope: Scope, entries: list[Entry], numbers: set[str]
) -> Iterator[Edit]:
    """An entry that its siblings have, and others with its number."""
    keys = [each.key for each in entries]
    twice = len(set(keys)) < len(keys)  # then the key of one of them is more likely wrong
    for stem in dict.fromkeys(each.stem for each in entries if each.number):
        models = [each for each in entries if each.stem == stem and each.number]
        for number in sorted(numbers - {each.number for each in models}):
            model = models[0]
            for more, (at, before) in enumerate(_neighbours(entries, model, number)):
                for way, text in enumerate(_written(context, scope, model, number)):
                    cost = 0.6 + 0.1 * more + 0.02 * way + 0.5 * twice
                    yield from _put_in(context, at, f"{stem}{number}", text, cost, before=before)


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


def _put_in(
    context: Context, at: Entry, key: str, value: str, cost: float, *, before: bool
) -> Iterator[Edit]:
    """An entry put in in front of another one, or behind it."""
    layout = context.layout
    if at.target is None:
        start, end = layout.outer(at.value)
        line_start = context.text.rfind("\n", 0, start) + 1
        first = context.text[line_start:start]
        indent = first[: len(first) - len(first.lstrip())]
        gap = f"\n{indent}" if re.match(r"\s*['\"]", first) else " "
        yield Edit(end, end, f',{gap}"{key}": {value}', "entry added", cost)
        return
    line = layout.statement(at.target)
    quote = layout.source(at.target.slice)[0]
    indent = layout.indentation(line) or ""
    if not layout.owns_lines(line) or quote not in "'\"":
        return
    start, end = layout.lines(line, line)
    place = start if before else end
    added = f"{indent}{at.owner}[{quote}{key}{quote}] = {value}"
    if context.text[:place].endswith("\n") or not place:
        yield Edit(place, place, f"{added}\n", "entry added", cost)
    else:
        yield Edit(place, place, f"\n{added}", "entry added", cost)


def _left_out(context: Context, entries: list[Entry]) -> Iterator[Edit]:
    """A layer without parameters that stands nowhere, put in between those that are listed."""
    calls = [isinstance(e.value, ast.Call) and isinstance(e.value.func, ast.Name) for e in entries]
    if len(entries) < 2 or not all(calls):
        return
    said = set(re.findall(r"\w+", context.layout.source(context.definition)))
    for name in sorted(name for name in context.known - said if name[:1].isupper()):
        for at in entries[:-1]:
            yield from _put_in(context, at, f"{name}1", f"{name}()", 1.2, before=False)
