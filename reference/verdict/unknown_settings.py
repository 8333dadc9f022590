"""Settings of a layer that its contract does not know: with one, it may be another function.

A `SoftmaxWithLoss(temperature=2.0)` is none of chapter 5, and an `Affine(clip=1.0)` may clip its
gradients on purpose. What is wrong by the contract and changes with such a setting is undecided.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from trigrad.cases.case import Case
from trigrad.cases.drawing import seed_for
from trigrad.cases.fresh import fresh_cases
from trigrad.claim.answers import Answer, Answers
from trigrad.claim.claim import Severity
from trigrad.claim.evidence import AbsentError
from trigrad.claim.quantity import Quantity
from trigrad.contracts.schema import Array, Contract, Kind
from trigrad.repair.default_numbers import default_numbers
from trigrad.repair.draft import Draft
from trigrad.repair.editable_text import Library, Unit
from trigrad.repair.edits.edit import Edit, applied
from trigrad.subject.candidate import Candidate
from trigrad.subject.face import Face
from trigrad.subject.guesses import IGNORED
from trigrad.trial.judgement import Judgement

CHANGED = 1e-3
"""What changes by a larger share depends on a setting: the constant in a logarithm does not count.
"""


def settings_behind(
    candidate: Candidate, judgements: Sequence[Judgement], library: Library, seed: int
) -> tuple[str, ...]:
    """The settings on which all depends that is wrong with a layer; () if there are none."""
    row = candidate.contract
    failing = [j for j in judgements if j.fails and j.claim.severity is Severity.MUST]
    wrong = {j.claim.about for j in failing if j.claim.about is not None}
    if row.kind is not Kind.LAYER or candidate.rebuild is None or not wrong:
        return ()
    units = tuple(library.units_of(candidate.places))
    own = [unit for unit in units if unit.own]
    known = row.readings.settings.arguments if row.readings.settings is not None else ()
    numbers = default_numbers(own[0]) if len(own) == 1 else {}
    edits = {n: each.other for n, each in numbers.items() if _key(n) not in known}
    if row.declaration:  # of a known function the others are known
        edits = {n: edit for n, edit in edits.items() if IGNORED.search(n.lower())}
    if not edits:
        return ()
    cases = fresh_cases(row, seed_for(seed, f"the settings of {row.name}"))
    before = [answer_of(candidate.contract, candidate.face, case) for case in cases]
    found: set[str] = set()
    left = set(wrong)
    for name, edit in edits.items():
        face = candidate.rebuild(_with(units, own[0], edit).pieces())
        face.start_clock(1.0)
        after = [answer_of(candidate.contract, face, case) for case in cases]
        changed = {each for each in wrong if changes(each, before, after)}
        found |= {name} if changed else set()
        left -= changed
    return () if left else tuple(sorted(found))


def _key(name: str) -> str:
    return name.lower().replace("_", "")


def _with(units: tuple[Unit, ...], unit: Unit, edit: Edit) -> Draft:
    return Draft(units, {unit.chunk.label: applied(unit.chunk.text, [edit])}, 1)


def answer_of(contract: Contract, face: Face, case: Case) -> Answer | None:
    """What a layer gives on a case; None where something of it is absent."""
    try:
        return Answers(contract, face, case).answer
    except AbsentError:
        return None


def changes(
    quantity: Quantity, before: Sequence[Answer | None], after: Sequence[Answer | None]
) -> bool:
    """Whether a quantity differs by more than a thousandth on some case that has both answers."""
    pairs = (
        (_of(one, quantity), _of(other, quantity))
        for one, other in zip(before, after, strict=True)
        if one is not None and other is not None
    )
    return any(float(np.abs(a - b).max()) > CHANGED * float(np.abs(a).max()) for a, b in pairs)


def _of(answer: Answer, quantity: Quantity) -> Array:
    return answer.gradients[quantity.gradient_of] if quantity.gradient_of else answer.output
