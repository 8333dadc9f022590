"""Whether something that is right in no reading of its contract is another function after all.

The name TwoLayerNet says what the layers are and not what the loss is. Where neither the text nor
the numbers show that the contract's loss is meant, there is nothing to hold against it.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from trigrad.cases.case import Case
from trigrad.cases.sampling import large_case
from trigrad.claim.answers import Answers
from trigrad.claim.evidence import AbsentError
from trigrad.contracts.schema import Array, Contract, Sign
from trigrad.messages import Message
from trigrad.numerics import tolerance
from trigrad.subject.face import Face, Raised
from trigrad.witnesses.twin import value_of_twin

SHIFT = 0.5
"""What is added to all scores: a softmax does not see it."""


def another_function(face: Face, row: Contract, signs: Collection[Sign]) -> Message | None:
    """Why it may be another function than that of `row`, whose output it does not give.

    None if the row's is meant, by the signs or by its own numbers.
    """
    if not row.readings.meant_by:
        return None
    case = large_case(row, 0)
    value = _value(face, row, case)
    meant = bool(row.readings.meant_by & set(signs))
    if value is None and meant:
        return None
    if value is None:
        (result,) = face.run(Answers(row, face, case).whole()[:2])[1:]
        if not isinstance(result, Raised):
            return Message("another.loss")
        if result.ended or result.unjudged:
            return None
        return Message("another.raises", raised=result.sentence)
    if _plus_a_term_of_weights(face, row, case, value):
        return Message("another.penalty")
    if meant or _ignores_shift(face, row, case, value):
        return None
    return Message("another.loss")


def _ignores_shift(face: Face, row: Contract, case: Case, value: Array) -> bool:
    """Whether the loss depends on the scores, but not on a number that is added to all of them."""
    last = row.parameters[-1].name  # the bias of the scores
    one = np.zeros_like(case.parameters[last])
    one[0] = SHIFT
    changed = [
        _value(face, row, case.with_values(**{last: case.parameters[last] + step}))
        for step in (SHIFT, one)
    ]
    all_, single = (v is not None and not _agree(row, case, value, v) for v in changed)
    return single and not all_ and changed[0] is not None


def _plus_a_term_of_weights(face: Face, row: Contract, case: Case, value: Array) -> bool:
    """Whether it is the row's value and a term that depends on the weights alone, as a penalty."""
    first = row.operands[0].name
    moved = case.with_values(**{first: np.roll(case.operands[first], 1, axis=0)})
    other = _value(face, row, moved)
    if other is None:
        return False
    one, two = value - value_of_twin(row, case), other - value_of_twin(row, moved)
    return not _agree(row, case, one, np.zeros_like(one)) and _agree(row, case, one, two)


def _agree(row: Contract, case: Case, one: Array, other: Array) -> bool:
    with np.errstate(all="ignore"):
        return bool(np.all(np.abs(one - other) <= 2 * tolerance.allowed(row, case, one, other)))


def _value(face: Face, row: Contract, case: Case) -> Array | None:
    """The output on a case; None if it raises, or gives what is no finite number."""
    answers = Answers(row, face, case)
    face.start_clock(1.0)
    try:
        value = answers.output_from(face.run(answers.whole()[:2])[1], case)
    except AbsentError:
        return None
    return value if np.isfinite(value).all() else None
