"""Experiments on what a result does not depend on, though it should."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from trigrad.cases.case import Case
from trigrad.claim.answers import Answers
from trigrad.contracts.schema import Contract, Domain
from trigrad.diagnosis.observation import OUTPUT, observations_of

NUMBERS = (Domain.REAL, Domain.LOGIT, Domain.WEIGHT)
"""Domains in which any number will do."""

MIRROR = 0.3
"""What other values are: this minus those that were drawn, never on a kink."""

Change = Callable[[Case], Case]


def ignoring(contract: Contract, all_answers: Sequence[Answers], name: str) -> str:
    """The words for a quantity that is the same whatever some array is; empty if it is not."""
    arrays = [v.name for v in contract.variables if v.domain in NUMBERS]
    found = [array for array in arrays if unchanged(all_answers, name, partial(_turned, [array]))]
    if name != OUTPUT and all_answers[0].case.dout is not None:
        found += ["dout"] if unchanged(all_answers, name, _other_dout) else []
    if not found:
        return ""
    *first, last = found
    whatever = f"{', '.join(first)} and {last} are" if first else f"{last} is"
    return f"the same whatever {whatever}"


def output_ignores(all_answers: Sequence[Answers], names: Sequence[str]) -> bool:
    """Whether the output is the same for other values of any of these arrays."""
    return all(unchanged(all_answers, OUTPUT, partial(_turned, [name])) for name in names)


def gradients_ignore_operands(contract: Contract, all_answers: Sequence[Answers]) -> bool:
    """Whether some gradient is the same whatever forward was given, though it should not be."""
    operands = [v.name for v in contract.operands if v.domain in NUMBERS]
    change = partial(_turned, operands)
    return any(unchanged(all_answers, name, change) for name in contract.gradients)


def unchanged(all_answers: Sequence[Answers], name: str, change: Change) -> bool:
    """Whether a quantity stays what it is through a change with which it should become another."""
    differs = False
    for answers in all_answers:
        before = observations_of([answers], name)
        after = observations_of([answers.on(change(answers.case))], name)
        for one, other in zip(before, after, strict=False):  # a call may raise after a change
            if not one.same(one.is_, other.is_):
                return False
            differs = differs or not one.same(one.should_be, other.should_be)
    return differs


def _turned(names: Sequence[str], case: Case) -> Case:
    # Not turned round 0, since a derivative may be the same on both sides of it.
    return case.with_values(**{name: MIRROR - case.arrays[name] for name in names})


def _other_dout(case: Case) -> Case:
    assert case.dout is not None, "asked before"
    return case.with_dout(np.asarray(MIRROR - case.dout))
