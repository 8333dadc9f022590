"""A layer that passes, made with other numbers than its defaults.

With `alpha=1.0` or `gamma=2`, a factor or an exponent that backward forgets does not show.
"""

from __future__ import annotations

import re
from dataclasses import replace

from trigrad.contracts.declaration import declared
from trigrad.repair.editable_text import Library
from trigrad.subject.candidate import Candidate, Unjudged
from trigrad.subject.trained_numbers import with_numbers
from trigrad.trial.guessing import guessed, notes_of
from trigrad.trial.observing import observed
from trigrad.verdict.unknown_settings import default_numbers, other_than

HIDING = (1.0, 2.0)
"""Defaults that hide a factor or an exponent."""

_COUNTS = re.compile(r"stride|pad|pool|kernel|window|size|axis|head|group|dilation|step|layer")
"""Names of whole numbers that count something: 1.5 of it is none."""


def with_other_numbers(found: Candidate, library: Library) -> Candidate | None:
    """A class as it is recognised, to be judged with other numbers; None if it takes none.

    What is declared by its user stays as it is.
    """
    own = [unit for unit in library.units_of(found.places) if unit.own]
    if len(own) != 1 or found.completes:
        return None
    numbers = {
        name: other_than(number)
        for name, (number, _) in default_numbers(own[0]).items()
        if number in HIDING and not _COUNTS.search(name)
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
    made = replace(made, guessed=True, notes=notes_of(text), otherwise=layer.otherwise)
    seen = observed(replace(made, declare=layer.declare))
    return seen if isinstance(seen, Candidate) else None
