"""Experiments: on which arrays a result does not depend, though it should."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from trigrad.cases.case import Case
from trigrad.claim.answers import Answers
from trigrad.claim.quantity import OUTPUT, Quantity, gradient
from trigrad.contracts.schema import Contract, Domain
from trigrad.diagnosis.observation import observations_of
from trigrad.messages import Message

NUMBERS = (Domain.REAL, Domain.LOGIT, Domain.WEIGHT)
"""Domains in which every number is a valid value."""

MIRROR = 0.3
"""Other values are this minus those that were drawn, which never lie on a kink."""

Change = Callable[[Case], Case]


def ignoring(
    contract: Contract, all_answers: Sequence[Answers], quantity: Quantity
) -> Message | None:
    """On which arrays a quantity does not depend though it should; None if there is none."""
    arrays = [v.name for v in contract.variables if v.domain in NUMBERS]
    found = [a for a in arrays if unchanged(all_answers, quantity, partial(_other_values, [a]))]
    if quantity != OUTPUT and all_answers[0].case.dout is not None:
        found += ["dout"] if unchanged(all_answers, quantity, _other_dout) else []
    return Message("ignores", names=tuple(found)) if found else None


def output_ignores(all_answers: Sequence[Answers], names: Sequence[str]) -> bool:
    """Whether the output is the same for other values of any of these arrays."""
    return all(unchanged(all_answers, OUTPUT, partial(_other_values, [name])) for name in names)


def gradients_ignore_operands(contract: Contract, all_answers: Sequence[Answers]) -> bool:
    """Whether some gradient does not depend on what forward was given, though it should."""
    operands = [v.name for v in contract.operands if v.domain in NUMBERS]
    change = partial(_other_values, operands)
    return any(unchanged(all_answers, gradient(name), change) for name in contract.gradients)


def unchanged(all_answers: Sequence[Answers], quantity: Quantity, change: Change) -> bool:
    """Whether a quantity stays the same after a change of the case that should change it."""
    differs = False
    for answers in all_answers:
        before = observations_of([answers], quantity)
        after = observations_of([answers.on(change(answers.case))], quantity)
        for one, other in zip(before, after, strict=False):  # a call may raise after a change
            if not one.same(one.is_, other.is_):
                return False
            differs = differs or not one.same(one.should_be, other.should_be)
    return differs


def _other_values(names: Sequence[str], case: Case) -> Case:
    # Not mirrored at 0, since a derivative may be the same on both sides of it.
    return case.with_values(**{name: MIRROR - case.arrays[name] for name in names})


def _other_dout(case: Case) -> Case:
    assert case.dout is not None, "there is a dout to change"
    return case.with_dout(np.asarray(MIRROR - case.dout))
