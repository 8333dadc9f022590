"""The numbers that a layer takes by default, and the edits that put others in their place.

What holds for `alpha=1.0` alone may not hold for another alpha.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from trigrad.repair.editable_text import Unit, definitions_in
from trigrad.repair.edits.edit import Edit
from trigrad.repair.edits.positions import Positions
from trigrad.subject.dialects.argument_roles import Argument, auxiliary_role, size_kind
from trigrad.subject.source.definitions import methods
from trigrad.trial.weight_decay import NAMES

OTHER = 1.3
"""The number by which a default is multiplied to see what depends on it: no number of a text is
that of another by it."""

INSTEAD_OF_ZERO = 0.25


@dataclass(frozen=True)
class DefaultNumber:
    """A number that an argument has by default."""

    number: float
    other: Edit
    """Puts another number of its kind in its place."""


def default_numbers(unit: Unit, text: str | None = None) -> dict[str, DefaultNumber]:
    """The numbers that a constructor or a function takes by default, by the names of arguments.

    `text` is that of the unit's chunk, if it is edited. Left out are sizes, learning rates and the
    like, which say nothing of the function.
    """
    text = unit.chunk.text if text is None else text
    node = definitions_in(text)[unit.name]
    function = methods(node).get("__init__") if isinstance(node, ast.ClassDef) else node
    if function is None:
        return {}
    positions = Positions(text, node)
    found = {}
    for name, default in _defaults(function.args):
        number = default.value if isinstance(default, ast.Constant) else None
        if not isinstance(number, float | int) or isinstance(number, bool):
            continue
        argument = Argument(name, name.lower().replace("_", ""), False, False, False, number)
        size = isinstance(number, int) and size_kind(argument)
        if auxiliary_role(argument) or size or NAMES.search(name):
            continue  # what it means is known
        start, end = positions.span(default)
        found[name] = DefaultNumber(number, Edit(start, end, repr(other_than(number)), "number"))
    return found


def _defaults(arguments: ast.arguments) -> Iterator[tuple[str, ast.expr]]:
    given = [*arguments.posonlyargs, *arguments.args]
    for each, default in zip(reversed(given), reversed(arguments.defaults), strict=False):
        yield each.arg, default
    for each, needed in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        if needed is not None:
            yield each.arg, needed


def other_than(number: float) -> float:
    """Another number of the same kind, to see what depends on it."""
    return number + 1 if isinstance(number, int) else OTHER * number or INSTEAD_OF_ZERO
