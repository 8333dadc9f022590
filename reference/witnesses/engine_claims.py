"""The claims about an engine. Programs decide them (`trial.engine_trial`), not cases."""

from __future__ import annotations

from typing import NoReturn

from trigrad.claim.answers import Answers
from trigrad.claim.claim import Claim, Severity, Witness
from trigrad.contracts.schema import Contract

VALUES = "values"
GRADIENTS = "gradients"
SHARED = "a value that is used twice"
AGAIN = "the same on a fresh graph"
CLEARED = "the same after clearing the gradients"
BROADCAST = "gradients of what is broadcast"
LONG = "long chains"


def engine_claims(contract: Contract) -> tuple[Claim, ...]:
    """What holds for every right engine."""

    def claim(name: str, witness: Witness, severity: Severity = Severity.MUST) -> Claim:
        return Claim(contract, name, witness, severity, _by_programs)

    return (
        claim(VALUES, Witness.AUTOGRAD),
        claim(GRADIENTS, Witness.AUTOGRAD),
        claim(GRADIENTS, Witness.FINITE_DIFFERENCES),
        claim(SHARED, Witness.LAWS),
        claim(AGAIN, Witness.LAWS),
        claim(CLEARED, Witness.LAWS),
        claim(BROADCAST, Witness.LAWS),
        claim(LONG, Witness.LAWS, Severity.SHOULD),
    )


def _by_programs(answers: Answers) -> NoReturn:
    raise AssertionError(f"an engine was given a case: {answers.case}")
