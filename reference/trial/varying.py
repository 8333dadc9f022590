"""A known layer with its settings varied: a stride of 2 as well as of 1, with padding and without.

A mistake in backward often shows only there. The arguments are found by their usual names: with
another name forward raises, and the layer is judged with the settings that it has by itself.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from itertools import product

from trigrad.contracts.declaration import Field, declared, fields_in
from trigrad.contracts.schema import Contract
from trigrad.contracts.shelf.schema import Grid, Setting
from trigrad.messages import Message
from trigrad.subject.candidate import Candidate, Unjudged
from trigrad.subject.source.walking import walk
from trigrad.trial.gradient_scales import scales_that_fit
from trigrad.trial.guessing import notes_of
from trigrad.trial.identifying import Identified, identified, names_of

Observe = Callable[[Candidate], Candidate | Unjudged]


def varied(found: Identified, observe: Observe) -> Identified:
    """The layer with as many of its settings varied as it takes; as it is, if it takes none.

    `observe` runs it.
    """
    for names in _several_names(found):
        settings = dict(zip(names, found.known.settings, strict=True))
        chosen = {name: setting for name, setting in settings.items() if name}
        again = _with(found, chosen, observe)
        if again is not None:
            best = again if _right(again) else _without_failing(found, chosen, observe) or again
            return replace(best, only_as_made=_only_as_made(found, chosen.values(), observe))
    return replace(found, only_as_made=_only_as_made(found, (), observe))


def _only_as_made(found: Identified, varied: Collection[Setting], observe: Observe) -> str:
    """A setting with which forward runs, and is then another function; "" if there is none."""
    for setting in found.known.settings:
        for name in _names_of(setting, found) if setting not in varied else ():
            seen = _seen_with(found, {name: setting}, observe)
            if seen is not None and _identified(found, seen, {name: setting}) is None:
                return name
    return ""


def _with(found: Identified, chosen: dict[str, Setting], observe: Observe) -> Identified | None:
    """The layer with these settings varied, by the names of arguments; None if it takes others."""
    return _identified(found, _seen_with(found, chosen, observe), chosen)


def _identified(
    found: Identified, seen: Candidate | None, chosen: dict[str, Setting]
) -> Identified | None:
    """The same function with settings varied; None if it is another one with them."""
    if seen is None:
        return None
    again = identified(seen, {name: s.keyword for name, s in chosen.items()})
    return again if again is not None and again.known is found.known else None


def _seen_with(found: Identified, chosen: dict[str, Setting], observe: Observe) -> Candidate | None:
    """The layer with these settings varied as it is seen; None if it does not take them."""
    candidate = found.candidate
    assert candidate.declare is not None, "asked of what can be declared anew"
    text = _declaration(candidate, found.way.grid, chosen)
    if not text:
        return None
    takes = candidate.as_declared[1]
    layer = candidate.declare((text, takes, *_weights(candidate.contract, chosen, text)))
    if not isinstance(layer, Candidate):
        return None
    notes = notes_of(text) if candidate.guessed else layer.notes
    seen = observe(replace(layer, notes=notes, otherwise=candidate.otherwise))
    return seen if isinstance(seen, Candidate) else None


def _without_failing(
    found: Identified, chosen: dict[str, Setting], observe: Observe
) -> Identified | None:
    """The same without values at which right layers may fail; None if it fails at others too."""
    for name, setting in chosen.items():
        if setting.may_fail_at is None:
            continue
        least = setting.least + (setting.may_fail_at == setting.least)
        fewer = chosen | {name: replace(setting, least=least)}
        again = _with(found, fewer, observe)
        if again is not None and _right(again):
            note = Message("shelf.not_with", name=name, value=setting.may_fail_at)
            layer = again.candidate
            noted = replace(layer, notes=(*layer.notes, str(note)))
            return replace(again, candidate=noted)
    return None


def _right(found: Identified) -> bool:
    """Whether its gradients are those of the known function on all cases."""
    face, row = found.candidate.face, found.candidate.contract
    return all(scales_that_fit(face, row, (), case) for case in found.cases)


def _several_names(found: Identified) -> Iterator[tuple[str, ...]]:
    """The names to try of the arguments: of all settings, then without one of them."""
    several = list(product(*((*_names_of(s, found), "") for s in found.known.settings)))
    yield from sorted((names for names in several if any(names)), key=lambda n: n.count(""))


def _names_of(setting: Setting, found: Identified) -> list[str]:
    """Those of its names that the text has, without one that is a string: padding="same"."""
    build = declared(found.candidate.contract.declaration).expression(Field.BUILD)
    strings = {
        keyword.arg
        for keyword in (walk(ast.parse(build)) if build else ())
        if isinstance(keyword, ast.keyword)
        and isinstance(keyword.value, ast.Constant)
        and isinstance(keyword.value.value, str)
    }
    return [n for n in setting.names if n in found.candidate.uses and n not in strings]


def _weights(row: Contract, chosen: dict[str, Setting], text: str) -> list[str]:
    """The names of what is given when it is made, in the order of the declaration."""
    given = {v.name for v in row.parameters}
    built = declared(text).names_in(Field.BUILD)
    return [n for n in declared(text).names if n in given or (n in chosen and n in built)]


def _declaration(candidate: Candidate, grid: Grid | None, chosen: dict[str, Setting]) -> str:
    """The declaration with settings as further variables; "" where they cannot be said."""
    parts = [part for _, part in fields_in(candidate.contract.declaration)]
    names = [part.partition(":")[0].strip() for part in parts]
    if grid is not None:
        image = names.index(grid.name)
        parts[image] = _with_even_steps(parts[image], grid, parts)
        if not parts[image]:
            return ""
    is_class = not candidate.lines.keys() & {*names_of(candidate)}
    call = Field.BUILD if Field.BUILD in names or is_class else Field.FORWARD
    if call in names:
        place = names.index(call)
        expression = _with_keywords(parts.pop(place).partition(":")[2], list(chosen))
    elif candidate.contract.parameters:
        return ""
    elif is_class:
        expression = _with_keywords(f"{names_of(candidate)[0]}()", list(chosen))
    else:
        operands = ", ".join(v.name for v in candidate.contract.operands)
        expression = _with_keywords(f"{names_of(candidate)[0]}({operands})", list(chosen))
    if Field.BACKWARD in names:
        place = next(i for i, part in enumerate(parts) if part.startswith(f"{Field.BACKWARD}:"))
        again = _with_keywords(parts[place].partition(":")[2], list(chosen), only_there=True)
        parts[place] = f"{Field.BACKWARD}: {again}"
    further = [f"{n}: whole<{s.least}..{s.greatest}>" for n, s in chosen.items()]
    return "; ".join([*parts, *further, f"{call}: {expression}"])


def _with_even_steps(part: str, grid: Grid, parts: Sequence[str]) -> str:
    """The field of an image, in sizes that windows divide evenly with any stride up to 2.

    What forward does with a row that is left over is a matter of taste. "" if sizes are used
    elsewhere, too.
    """
    name, _, sizes = part.partition(":")
    *kind, last = ["", *sizes.split()]
    tokens = [*kind[1:], last]
    count = len(tokens)
    for axis in grid.axes:
        if axis >= count:
            return ""
        token = tokens[axis]
        odd = grid.window % 2
        if token.isdigit():
            tokens[axis] = str(int(token) + (int(token) - grid.window) % 2)
        elif token.isidentifier() and not any(
            token in _sizes(other) for other in parts if other is not part
        ):
            tokens[axis] = f"2*{token}+1" if odd else f"2*{token}"
        else:
            return ""
    return f"{name}: {' '.join(tokens)}"


def _sizes(part: str) -> list[str]:
    return part.partition(":")[2].replace("*", " ").replace("+", " ").split()


def _with_keywords(text: str, names: Sequence[str], *, only_there: bool = False) -> str:
    """A call with these names as keywords: in a dict that has them, else in the call itself.

    With `only_there`, those that it does not have are left out.
    """
    tree = ast.parse(text.strip(), mode="eval")
    left = list(names)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            for keyword in node.keywords:
                if keyword.arg in left:
                    keyword.value = ast.Name(keyword.arg)
                    left.remove(keyword.arg)
    if left and not only_there and isinstance(tree.body, ast.Call):
        tree.body.keywords += [ast.keyword(name, ast.Name(name)) for name in left]
    return ast.unparse(tree)
