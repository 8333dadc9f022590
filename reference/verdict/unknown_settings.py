"""Settings of a layer that its contract does not know: with one, it may be another function.

A `SoftmaxWithLoss(temperature=2.0)` is none of chapter 5, and an `Affine(clip=1.0)` may clip its
gradients on purpose. What is wrong by the contract and changes with such a setting is undecided.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

import numpy as np

from trigrad.cases.case import Case
from trigrad.cases.drawing import seed_for
from trigrad.cases.fresh import fresh_cases
from trigrad.claim.answers import Answer, Answers
from trigrad.claim.claim import Severity
from trigrad.claim.evidence import AbsentError
from trigrad.claim.quantity import Quantity
from trigrad.contracts.schema import Array, Kind
from trigrad.repair.draft import Draft
from trigrad.repair.editable_text import Library, Unit, definitions_in
from trigrad.repair.edits.edit import Edit, applied
from trigrad.repair.edits.positions import Positions
from trigrad.subject.candidate import Candidate
from trigrad.subject.dialects.argument_roles import Argument, auxiliary_role, size_kind
from trigrad.subject.face import Face
from trigrad.subject.guesses import IGNORED
from trigrad.subject.source.definitions import methods
from trigrad.trial.judgement import Judgement
from trigrad.trial.weight_decay import NAMES

OTHER = 1.5
"""The number by which a default is multiplied to see what depends on it."""

INSTEAD_OF_ZERO = 0.25

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
    edits = {n: edit for n, (_, edit) in numbers.items() if _key(n) not in known}
    if row.declaration:  # of a known function the others are known
        edits = {n: edit for n, edit in edits.items() if IGNORED.search(n.lower())}
    if not edits:
        return ()
    cases = fresh_cases(row, seed_for(seed, f"the settings of {row.name}"))
    before = [_answer(candidate, candidate.face, case) for case in cases]
    found: set[str] = set()
    left = set(wrong)
    for name, edit in edits.items():
        face = candidate.rebuild(_with(units, own[0], edit).pieces())
        face.start_clock(1.0)
        after = [_answer(candidate, face, case) for case in cases]
        changed = {each for each in wrong if _changes(each, before, after)}
        found |= {name} if changed else set()
        left -= changed
    return () if left else tuple(sorted(found))


def default_numbers(unit: Unit) -> dict[str, tuple[float, Edit]]:
    """The numbers that a constructor takes by default, and edits that change them.

    Left out are sizes, learning rates and the like, which say nothing of the function.
    """
    text = unit.chunk.text
    node = definitions_in(text)[unit.name]
    init = methods(node).get("__init__") if isinstance(node, ast.ClassDef) else None
    if init is None:
        return {}
    given = [*init.args.posonlyargs, *init.args.args]
    pairs = [
        *zip(reversed(given), reversed(init.args.defaults), strict=False),
        *zip(init.args.kwonlyargs, init.args.kw_defaults, strict=True),
    ]
    found = {}
    for each, default in pairs:
        number = default.value if isinstance(default, ast.Constant) else None
        if not isinstance(number, float | int) or isinstance(number, bool):
            continue
        assert default is not None, "it is a constant"
        argument = Argument(each.arg, _key(each.arg), False, False, False, number)
        size = isinstance(number, int) and size_kind(argument)
        if auxiliary_role(argument) or size or NAMES.search(each.arg):
            continue  # what it means is known
        start, end = Positions(text, node).span(default)
        edit = Edit(start, end, repr(other_than(number)), "number")
        found[each.arg] = number, edit
    return found


def other_than(number: float) -> float:
    """Another number of the same kind, to see what depends on it."""
    return number + 1 if isinstance(number, int) else OTHER * number or INSTEAD_OF_ZERO


def _key(name: str) -> str:
    return name.lower().replace("_", "")


def _with(units: tuple[Unit, ...], unit: Unit, edit: Edit) -> Draft:
    return Draft(units, {unit.chunk.label: applied(unit.chunk.text, [edit])}, 1)


def _answer(candidate: Candidate, face: Face, case: Case) -> Answer | None:
    try:
        return Answers(candidate.contract, face, case).answer
    except AbsentError:
        return None


def _changes(
    quantity: Quantity, before: Sequence[Answer | None], after: Sequence[Answer | None]
) -> bool:
    pairs = (
        (_of(one, quantity), _of(other, quantity))
        for one, other in zip(before, after, strict=True)
        if one is not None and other is not None
    )
    return any(float(np.abs(a - b).max()) > CHANGED * float(np.abs(a).max()) for a, b in pairs)


def _of(answer: Answer, quantity: Quantity) -> Array:
    return answer.gradients[quantity.gradient_of] if quantity.gradient_of else answer.output
