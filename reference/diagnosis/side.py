"""In which pass the mistake is written, from what the witnesses say and a few experiments.

If forward is wrong, what it stores for backward may be wrong too, and this one mistake explains
both. Backward is said to be wrong too only if it is so on a case on which forward is right.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from trigrad.cases.case import Case
from trigrad.cases.kinks import KINK_MARGIN
from trigrad.claim.answers import Answers
from trigrad.claim.claim import Aspect, Outcome, Witness
from trigrad.claim.quantity import OUTPUT, gradient
from trigrad.contracts.schema import Contract, Kind
from trigrad.diagnosis.across_calls import spoilt_by_backward
from trigrad.diagnosis.diagnosis import Side
from trigrad.diagnosis.ignoring import NUMBERS, gradients_ignore_operands, output_ignores
from trigrad.diagnosis.observation import CASES_NEEDED, observations_of
from trigrad.subject.face import Raised
from trigrad.subject.source.stored_attributes import StoredAttributes
from trigrad.trial.judgement import Judgement

Lines = Mapping[str, tuple[int, int]]


def side_of(
    contract: Contract,
    failing: Sequence[Judgement],
    all_answers: Sequence[Answers],
    stored: StoredAttributes,
    lines: Lines,
) -> Side:
    """The side of the mistake; unknown where the object cannot even be made.

    Args:
        contract: the row of the table.
        failing: the refuted must-claims.
        all_answers: of the evidence's cases and of fresh ones.
        stored: what the text shows of the state that backward reads.
        lines: of each method, under its own name and under "forward" and "backward".
    """
    if contract.kind is Kind.FUNCTION:
        return Side.FORWARD
    raised = next((r for r in map(_raised, failing) if r is not None), None)
    if any(j.claim.about == OUTPUT for j in failing):
        return _with_wrong_output(contract, all_answers)
    if raised is not None and not all(_of_law(j) for j in failing):
        side = _pass_called(raised.call, all_answers, lines)
        missed = never_stored(contract, failing, all_answers, stored)
        return Side.FORWARD if side is Side.BACKWARD and missed else side
    if any(j.claim.about is not None for j in failing):  # a gradient, by what is asked above
        misshapen = any(j.claim.aspect is Aspect.SHAPE for j in failing)
        unset = never_stored(contract, failing, all_answers, stored)
        return Side.FORWARD if unset or (misshapen and stored.reshaped) else Side.BACKWARD
    return _across(contract, failing, all_answers)


def _raised(judgement: Judgement) -> Raised | None:
    evidence = judgement.finding.evidence
    return evidence.raised if evidence else None


def _of_law(judgement: Judgement) -> bool:
    """Whether it is a law about several calls or batches, which a single call cannot break."""
    return judgement.claim.aspect is Aspect.LAW


def never_stored(
    contract: Contract,
    failing: Sequence[Judgement],
    all_answers: Sequence[Answers],
    stored: StoredAttributes,
) -> list[str]:
    """Attributes that backward reads and forward never stores, if that is what went wrong.

    It is if backward raises because of one of them, or its result does not depend on what forward
    was given.
    """
    if not stored.unset or any(j.claim.about == OUTPUT for j in failing):
        return []
    raised = next((r for r in map(_raised, failing) if r is not None), None)
    if raised is None:
        return sorted(stored.unset) if gradients_ignore_operands(contract, all_answers) else []
    if raised.error not in ("AttributeError", "TypeError"):
        return []
    # Python's own messages: "'Relu' object has no attribute 'mask'", "'NoneType' object …".
    said = [name for name in stored.unset if f"'{name}'" in raised.message]
    return sorted(said or (stored.unset if "NoneType" in raised.message else ()))


def _pass_called(call: str, all_answers: Sequence[Answers], lines: Lines) -> Side:
    """Which pass the learner's method or function of that name is."""
    for side, number in ((Side.FORWARD, 1), (Side.BACKWARD, 2)):
        if call == side or (call in lines and lines[call] == lines.get(side)):
            return side
        for answers in all_answers:
            result = answers.results[number] if len(answers.results) > number else None
            if isinstance(result, Raised) and result.call == call:
                return side
    return Side.UNKNOWN


def _with_wrong_output(contract: Contract, all_answers: Sequence[Answers]) -> Side:
    """Both, if backward is wrong by itself: on a case on which forward is right."""
    if not contract.differentiates:
        return Side.FORWARD
    if _one_factor(contract, all_answers):
        return Side.BOTH
    parameters = [v.name for v in contract.parameters]
    if parameters and output_ignores(all_answers, parameters):
        return Side.FORWARD  # it does not use the weights: backward cannot be tried
    for answers in all_answers:
        for case in _simple(contract, answers.case):
            there = answers.on(case)
            outputs = observations_of([there], OUTPUT)
            gradients = [
                s for name in contract.gradients for s in observations_of([there], gradient(name))
            ]
            if outputs and outputs[0].right and not all(s.right for s in gradients):
                return Side.BOTH
    return Side.FORWARD


def _one_factor(contract: Contract, all_answers: Sequence[Answers]) -> bool:
    """Whether output and gradients are all one multiple of the right ones: it is in both passes."""
    differing = 0
    for answers in all_answers:
        quantities = (OUTPUT, *map(gradient, contract.gradients))
        seen = [s for quantity in quantities for s in observations_of([answers], quantity)]
        if len(seen) <= len(contract.gradients) or any(
            s.same(s.should_be, np.zeros_like(s.should_be)) for s in seen
        ):
            continue  # a multiple of 0 is any multiple
        first = seen[0]
        if first.is_.shape != first.should_be.shape:
            return False
        due = first.should_be
        factor = float(np.vdot(due, first.is_) / np.vdot(due, due))
        if not all(s.same(s.is_, factor * s.should_be) for s in seen):
            return False
        if not all(s.right for s in seen):
            differing += 1
    return differing >= CASES_NEEDED


def _simple(contract: Contract, case: Case) -> list[Case]:
    """Cases in which one array, or all of them, are 0, 1 or -1 everywhere; none near a kink."""
    real = [v.name for v in contract.variables if v.domain in NUMBERS]
    found = []
    for number in (0.0, 1.0, -1.0):
        for names in [*([name] for name in real), real]:
            values = {name: np.full_like(case.arrays[name], number) for name in names}
            found.append(case.with_values(**values))
    if contract.promises.kinks is None:
        return found
    return [c for c in found if np.abs(contract.promises.kinks(c.arrays)).min() >= KINK_MARGIN]


def _across(
    contract: Contract, failing: Sequence[Judgement], all_answers: Sequence[Answers]
) -> Side:
    """The side of a mistake that shows across calls only.

    Backward's if a second run is wrong only after backward has run, else forward's.
    """
    if all(j.claim.witness is not Witness.LAWS for j in failing) or not contract.differentiates:
        return Side.UNKNOWN
    if contract.kind is Kind.NETWORK:  # gradient(x, t) should run its own forward
        return Side.BACKWARD
    return Side.BACKWARD if spoilt_by_backward(all_answers) else Side.FORWARD


def outcome_of(judgements: Sequence[Judgement], witness: Witness, name: str) -> Outcome | None:
    """What became of a claim; None where there is none."""
    found = (j for j in judgements if (j.claim.witness, j.claim.name) == (witness, name))
    return next((j.finding.outcome for j in found), None)
