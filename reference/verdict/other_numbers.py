"""A layer that passes, made with other numbers than its defaults.

With `alpha=1.0` or `gamma=2`, a factor or an exponent that backward forgets does not show.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from trigrad.cases.drawing import seed_for
from trigrad.cases.fresh import fresh_cases
from trigrad.claim.quantity import OUTPUT
from trigrad.contracts.declaration import declared
from trigrad.repair.default_numbers import DefaultNumber, default_numbers, other_than
from trigrad.repair.draft import Draft
from trigrad.repair.editable_text import Library, Unit, definitions_in
from trigrad.repair.edits.edit import Edit, applied
from trigrad.subject.candidate import Candidate, Unjudged
from trigrad.subject.trained_numbers import with_numbers
from trigrad.trial.guessing import guessed, notes_of
from trigrad.trial.observing import observed
from trigrad.trial.own_forward import with_own
from trigrad.verdict.unknown_settings import answer_of, changes

HIDING = (1.0, 2.0)
"""Defaults that hide a factor or an exponent."""

_COUNTS = re.compile(r"stride|pad|pool|kernel|window|size|axis|head|group|dilation|step|layer")
"""Names of numbers that count something: with another one, shapes are others, too."""


@dataclass(frozen=True)
class OtherNumbers:
    """A layer that is made with other numbers than its defaults."""

    candidate: Candidate
    usual: Candidate
    """The same with its defaults."""
    numbers: Mapping[str, float]
    """What it takes in the place of its defaults."""
    in_forward: bool
    """Whether forward gives another output with them. A factor of the gradient alone may be meant,
    as in a layer that reverses it."""


def with_other_numbers(found: Candidate, library: Library) -> OtherNumbers | None:
    """A layer as it is recognised, to be judged with other numbers; None if it takes none.

    What is declared by its user stays as it is.
    """
    units = tuple(library.units_of(found.places))
    own = [unit for unit in units if unit.own]
    hiding = {name: each for unit in own for name, each in _hiding(unit).items()}
    numbers = {name: other_than(each.number) for name, each in hiding.items()}
    layer = found if found.declare is not None else found.unnamed() if found.unnamed else None
    if found.completes or not numbers or layer is None or layer.declare is None:
        return None
    guess = guessed(layer)
    usual = observed(guess) if isinstance(guess, Candidate) else guess
    if isinstance(guess, Unjudged) or isinstance(usual, Unjudged):
        return None
    if all(isinstance(definitions_in(u.chunk.text)[u.name], ast.FunctionDef) for u in own):
        other = _with_other_text(usual, units)
    elif len(own) == 1:
        text = with_numbers(declared(guess.contract.declaration), own[0].name, numbers)
        other = _declared_so(layer, text, guess.as_declared)
    else:
        other = None
    if other is None:
        usual.face.close()
        return None
    # That it passes as it is shows that it takes these inputs.
    return OtherNumbers(replace(other, guessed=False), usual, numbers, _differ(usual, other))


def _hiding(unit: Unit) -> dict[str, DefaultNumber]:
    """The default numbers of a unit that hide a factor."""
    found = default_numbers(unit)
    return {n: d for n, d in found.items() if d.number in HIDING and not _COUNTS.search(n)}


def _declared_so(layer: Candidate, text: str, guess: Sequence[str]) -> Candidate | None:
    """A class that is made with other numbers; None if it does not take them."""
    assert layer.declare is not None, "it was guessed"
    made = layer.declare((text, *guess[1:]))
    if not isinstance(made, Candidate):
        return None
    made = replace(made, notes=notes_of(text), otherwise=layer.otherwise, declare=layer.declare)
    seen = observed(made)
    return seen if isinstance(seen, Candidate) else None


def _with_other_text(candidate: Candidate, units: tuple[Unit, ...]) -> Candidate | None:
    """Functions with other defaults in their text, in forward and in backward.

    No repair is looked for: it would be tried with the text as it is.
    """
    edits: dict[str, list[Edit]] = defaultdict(list)
    for unit in units:
        if unit.own:
            edits[unit.chunk.label] += [each.other for each in _hiding(unit).values()]
    texts = {u.chunk.label: applied(u.chunk.text, edits[u.chunk.label]) for u in units}
    if candidate.rebuild is None:
        return None
    face = candidate.rebuild(Draft(units, texts).pieces())
    row = with_own(candidate.contract, face)
    return replace(candidate, contract=row, face=face, rebuild=None)


def _differ(one: Candidate, other: Candidate) -> bool:
    """Whether their outputs do, on the same cases."""
    cases = fresh_cases(one.contract, seed_for(0, f"other numbers of {one.contract.name}"))
    before = [answer_of(one.contract, one.face, case) for case in cases]
    after = [answer_of(one.contract, other.face, case) for case in cases]
    return changes(OUTPUT, before, after)
