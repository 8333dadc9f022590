"""A layer that passes, made with other numbers than its defaults.

With `alpha=1.0` or `gamma=2`, a factor or an exponent that backward forgets does not show.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from trigrad.cases.drawing import seed_for
from trigrad.cases.fresh import fresh_cases
from trigrad.claim.quantity import OUTPUT
from trigrad.contracts.declaration import declared
from trigrad.repair.default_numbers import default_numbers, other_than
from trigrad.repair.editable_text import Library
from trigrad.subject.candidate import Candidate, Unjudged
from trigrad.subject.trained_numbers import with_numbers
from trigrad.trial.guessing import guessed, notes_of
from trigrad.trial.observing import observed
from trigrad.verdict.unknown_settings import answer_of, changes

HIDING = (1.0, 2.0)
"""Defaults that hide a factor or an exponent."""

_COUNTS = re.compile(r"stride|pad|pool|kernel|window|size|axis|head|group|dilation|step|layer")
"""Names of whole numbers that count something: 1.5 of it is none."""


@dataclass(frozen=True)
class OtherNumbers:
    """A layer that is made with other numbers than its defaults."""

    candidate: Candidate
    numbers: Mapping[str, float]
    """What its constructor is given in the place of defaults."""
    in_forward: bool
    """Whether forward gives another output with them. A factor of the gradient alone may be meant,
    as in a layer that reverses it."""


def with_other_numbers(found: Candidate, library: Library) -> OtherNumbers | None:
    """A class as it is recognised, to be judged with other numbers; None if it takes none.

    What is declared by its user stays as it is.
    """
    own = [unit for unit in library.units_of(found.places) if unit.own]
    if len(own) != 1 or found.completes:
        return None
    numbers = {
        name: other_than(each.number)
        for name, each in default_numbers(own[0]).items()
        if each.number in HIDING and not _COUNTS.search(name)
    }
    layer = found if found.declare is not None else found.unnamed() if found.unnamed else None
    if not numbers or layer is None or layer.declare is None:
        return None
    guess = guessed(layer)
    if isinstance(guess, Unjudged):
        return None
    text = with_numbers(declared(guess.contract.declaration), own[0].name, numbers)
    made = layer.declare((text, *guess.as_declared[1:]))
    if not isinstance(made, Candidate):
        return None
    # That it passes as it is shows that it takes these inputs.
    made = replace(made, guessed=False, notes=notes_of(text), otherwise=layer.otherwise)
    seen, usual = (observed(replace(each, declare=layer.declare)) for each in (made, guess))
    if not isinstance(seen, Candidate) or not isinstance(usual, Candidate):
        return None
    return OtherNumbers(seen, numbers, _differ(usual, seen))


def _differ(one: Candidate, other: Candidate) -> bool:
    """Whether their outputs do, on the same cases."""
    cases = fresh_cases(one.contract, seed_for(0, f"other numbers of {one.contract.name}"))
    before = [answer_of(one.contract, one.face, case) for case in cases]
    after = [answer_of(one.contract, other.face, case) for case in cases]
    return changes(OUTPUT, before, after)
