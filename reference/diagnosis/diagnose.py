"""What the witnesses say together, and how a wrong quantity is related to the right one.

Backward agrees with the subject's own forward or not (finite differences); forward is the right
function or not (autograd): the two answers say on which side the mistake is. A relation or a known
misreading is named only when it reproduces the subject's values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from trigrad.cases.case import Case
from trigrad.claim.answers import Answers
from trigrad.claim.claim import Outcome, Witness
from trigrad.claim.quantity import OUTPUT, Quantity, gradient
from trigrad.contracts.schema import Contract
from trigrad.diagnosis.across_calls import across
from trigrad.diagnosis.diagnosis import Diagnosis, Mistake, merged
from trigrad.diagnosis.ignoring import ignoring
from trigrad.diagnosis.observation import named, observations_of
from trigrad.diagnosis.relations import (
    arrangements,
    kinks,
    mixups,
    multiples,
    polynomials,
    stepped,
)
from trigrad.diagnosis.side import never_stored, outcome_of, side_of
from trigrad.messages import Message
from trigrad.subject.face import Face, Forward, Returned
from trigrad.subject.source.stored_attributes import NOTHING_STORED, StoredAttributes
from trigrad.trial.judgement import Judgement
from trigrad.trial.plan import NUMPY_ONLY
from trigrad.witnesses.twin import NotFollowedError

SAME_FIGURE = 1e-4
"""A misreading is reproduced if the result is this near to its known value, relatively."""

RELATIONS = (
    arrangements.constant,
    multiples.multiple,
    multiples.inverse,
    arrangements.transposed,
    arrangements.of_dout,
    arrangements.reshaped,
    mixups.upstream,
    mixups.exchanged,
    arrangements.ones,
    kinks.exchanged,
    kinks.beyond,
    kinks.threshold,
    stepped.stepped,
    arrangements.one_row,
    mixups.arguments,
    mixups.axes,
    arrangements.summed,
    polynomials.of_output,
    multiples.off_by,
    mixups.operations,
)
"""How a wrong quantity may be related to the right one; the first that reproduces it is named."""


def diagnose(
    contract: Contract,
    face: Face,
    judgements: Sequence[Judgement],
    cases: Sequence[Case],
    stored: StoredAttributes = NOTHING_STORED,
    lines: Mapping[str, tuple[int, int]] | None = None,
) -> Diagnosis | None:
    """Where the mistake of a failing layer is and what it is; None where nothing fails.

    `cases` are fresh ones; `stored` and `lines` are what the layer's text shows of its methods.
    """
    failing = [j for j in judgements if j.fails]
    if not failing:
        return None
    evidence = [j.finding.evidence for j in failing]
    if any(e.raised.ended for e in evidence if e and e.raised):
        return Diagnosis()
    shown = {e.base: None for e in evidence if e and e.base}
    all_answers = [Answers(contract, face, case) for case in (*shown, *cases)]
    side = side_of(contract, failing, all_answers, stored, lines or {})
    misread = _misread(contract, face)
    if misread:
        return Diagnosis(side, misread)
    sentence = _sides(contract, judgements)
    if unset := never_stored(contract, failing, all_answers, stored):
        sentence = Message("sides.never_stored", names=tuple(f"self.{name}" for name in unset))
    try:
        mistakes = _mistakes(contract, judgements, all_answers)
    except NotFollowedError:  # there is a limit to the time for which PyTorch follows a forward
        mistakes = ()
    return Diagnosis(side, sentence, mistakes)


def _mistakes(
    contract: Contract, judgements: Sequence[Judgement], all_answers: Sequence[Answers]
) -> tuple[Mistake, ...]:
    failing = [j for j in judgements if j.fails]
    found = []
    for quantity in (OUTPUT, *map(gradient, contract.gradients)):
        if any(j.claim.about == quantity for j in failing):
            words = _by_value(judgements, all_answers, quantity)
        else:
            laws = [j.claim.name for j in failing if j.claim.witness is Witness.LAWS]
            words = across(laws, all_answers, quantity)
        if words is not None:
            found.append(Mistake((quantity,), words))
    return merged(found)


def _by_value(
    judgements: Sequence[Judgement], all_answers: Sequence[Answers], quantity: Quantity
) -> Message | None:
    """The relation of a wrong quantity; None where it follows from a wrong forward."""
    wrong = outcome_of(judgements, Witness.AUTOGRAD, "value") is Outcome.FAIL
    own = outcome_of(judgements, Witness.FINITE_DIFFERENCES, quantity.id)
    true = outcome_of(judgements, Witness.AUTOGRAD, quantity.id)
    if quantity != OUTPUT and wrong and Outcome.PASS in (own, true):
        return None
    seen = observations_of(all_answers, quantity)
    if not seen:
        return None
    return named(seen, RELATIONS) or ignoring(seen[0].contract, all_answers, quantity)


def _misread(contract: Contract, face: Face) -> Message | None:
    for misreading in contract.readings.misreadings:
        result = face.run([Forward(misreading.operands)])[0]
        if not isinstance(result, Returned):
            continue
        value = result.values.get("output")
        if isinstance(value, np.ndarray) and value.size == 1:
            error = abs(float(value.reshape(())) - misreading.value)
            if error <= SAME_FIGURE * abs(misreading.value):
                return misreading.words
    return None


def _sides(contract: Contract, judgements: Sequence[Judgement]) -> Message | None:
    """On which side the mistake is, from which of the witnesses agree with the layer."""
    outcomes = {(j.claim.witness, j.claim.name): j.finding.outcome for j in judgements}
    value = outcomes.get((Witness.AUTOGRAD, "value"))
    if not contract.differentiates or value in (None, Outcome.BLOCKED):
        return None
    gradients = [gradient(name).id for name in contract.gradients]
    own = {outcomes.get((Witness.FINITE_DIFFERENCES, g)) for g in gradients}
    true = {outcomes.get((Witness.AUTOGRAD, g)) for g in gradients}
    if own - {Outcome.PASS, Outcome.FAIL}:  # finite differences could not decide
        return Message("sides.forward") if value is Outcome.FAIL else None
    consistent = own == {Outcome.PASS}
    if value is Outcome.FAIL and consistent:
        return Message("sides.consistent")
    if value is Outcome.FAIL and true == {Outcome.PASS}:
        return Message("sides.of_correct_forward")
    if value is Outcome.FAIL:
        return Message("sides.both")
    if not consistent:
        return Message("sides.backward")
    failing = [j for j in judgements if j.fails]
    if all(j.claim.name == NUMPY_ONLY for j in failing):
        return None
    if all(j.claim.witness is Witness.LAWS for j in failing):
        return Message("sides.across_calls")
    return None
