"""What the witnesses say together.

Backward agrees with the subject's own forward or not (finite differences); forward is the right
function or not (autograd): the two answers say on which side the mistake is. A known misreading
is named only when the subject reproduces its value.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from reference.claim import Outcome, Witness
from reference.contract import Contract
from reference.hearing import gradient_of
from reference.plan import NUMPY_ONLY
from reference.report import Judgement
from reference.subject.face import Face, Forward, Returned

SAME_FIGURE = 1e-4
"""A misreading counts as reproduced when it gives the figure to four digits, as printed."""


def diagnose(contract: Contract, face: Face, judgements: Sequence[Judgement]) -> str:
    """One sentence on where the mistake is; empty where nothing fails or nothing is known."""
    refuted = [j.finding.evidence for j in judgements if j.fails]
    if not refuted or any(e.raised.ended for e in refuted if e and e.raised):
        return ""
    return _misread(contract, face) or _sides(contract, judgements)


def _misread(contract: Contract, face: Face) -> str:
    for misreading in contract.misreadings:
        result = face.run([Forward(misreading.operands)])[0]
        if not isinstance(result, Returned):
            continue
        value = result.values.get("output")
        if isinstance(value, np.ndarray) and value.size == 1:
            error = abs(float(value.reshape(())) - misreading.value)
            if error <= SAME_FIGURE * abs(misreading.value):
                return misreading.words
    return ""


def _sides(contract: Contract, judgements: Sequence[Judgement]) -> str:
    outcomes = {(j.claim.witness, j.claim.name): j.finding.outcome for j in judgements}
    value = outcomes.get((Witness.AUTOGRAD, "value"))
    if not contract.differentiates or value in (None, Outcome.BLOCKED):
        return ""
    gradients = [gradient_of(name) for name in contract.gradients]
    own = {outcomes.get((Witness.FINITE_DIFFERENCES, g)) for g in gradients}
    true = {outcomes.get((Witness.AUTOGRAD, g)) for g in gradients}
    if own - {Outcome.PASS, Outcome.FAIL}:  # finite differences could not tell
        return "forward is wrong" if value is Outcome.FAIL else ""
    consistent = own == {Outcome.PASS}
    if value is Outcome.FAIL and consistent:
        return "forward is wrong; backward is the right derivative of that forward"
    if value is Outcome.FAIL and true == {Outcome.PASS}:
        return "forward is wrong; backward is the one of the right forward"
    if value is Outcome.FAIL:
        return "forward is wrong, and backward is not its derivative either"
    if not consistent:
        return "forward is right; the mistake is in backward"
    failing = [j for j in judgements if j.fails]
    if all(j.claim.name == NUMPY_ONLY for j in failing):
        return ""
    if all(j.claim.witness is Witness.LAWS for j in failing):
        return "one call by itself is right; the mistake shows across calls or batches"
    return ""
