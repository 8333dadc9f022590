"""The claims about an optimiser. Steps decide them (`trial.optimiser_trial`), not cases."""

from __future__ import annotations

from typing import NoReturn

from trigrad.claim.answers import Answers
from trigrad.claim.claim import Claim, Severity, Witness
from trigrad.contracts.schema import Contract

STEPS = "each step"
APART = "each weight for itself"
BESIDE = "each optimiser for itself"
ORDER = "the order of the weights"
KEPT = "gradients are left as they are"
USUAL = "the usual formula"


def optimiser_claims(contract: Contract) -> tuple[Claim, ...]:
    """What holds for every right optimiser."""

    def claim(name: str, witness: Witness, severity: Severity = Severity.MUST) -> Claim:
        return Claim(contract, name, witness, severity, _by_steps)

    return (
        claim(STEPS, Witness.AUTOGRAD),
        claim(APART, Witness.LAWS),
        claim(BESIDE, Witness.LAWS),
        claim(ORDER, Witness.LAWS),
        claim(USUAL, Witness.AUTOGRAD, Severity.SHOULD),
        claim(KEPT, Witness.LAWS, Severity.SHOULD),
    )


def _by_steps(answers: Answers) -> NoReturn:
    raise AssertionError(f"an optimiser was given a case: {answers.case}")
