"""Capabilities: further kinds of input, which a right layer may refuse, but not get wrong.

What forward accepts and forward or backward then gets wrong is advice; what forward refuses is no
fault.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from trigrad.claim.answers import Answer, Answers, gradient_of
from trigrad.claim.claim import HOLDS, Claim, Finding, Severity, Witness, not_applicable, refuted
from trigrad.claim.evidence import AbsentError, Evidence
from trigrad.contracts.schema import Array, Contract, Kind, Variant
from trigrad.numerics import tolerance
from trigrad.subject.face import Raised


def check_variant(
    variant: Variant, right: Callable[[Answers], Answer], answers: Answers
) -> Finding:
    """What forward accepts, forward and backward get right."""
    try:
        output = answers.output
    except AbsentError as absent:
        raised = absent.evidence.raised
        if raised is None or not raised.ended:
            return not_applicable(variant.name)  # refused: no duty
        return refuted(f"{variant.words} is not refused: {raised.sentence}", absent.evidence)
    due = right(answers)
    accepted = f"{variant.words} is accepted" + " by forward" * answers.contract.differentiates
    quiet = "and no error tells you"
    if not _close(answers, output, due.output):
        words = f"{variant.words} is accepted, but gives a wrong value, {quiet}"
        return refuted(words, Evidence("output", answers.case, output, due.output))
    if not answers.contract.differentiates:
        return HOLDS
    backward = answers.results[2]
    if isinstance(backward, Raised):
        return refuted(
            f"{accepted}, but {_briefly(backward)}",
            Evidence("backward", answers.case, raised=backward),
        )
    for name, should_be in due.gradients.items():
        what = gradient_of(name)
        try:
            is_ = answers.gradient(name)
        except AbsentError as absent:
            found = f"{absent.evidence.is_}, should be {absent.evidence.should_be}"
            words = f"{accepted}, but the {what} then is {found}, {quiet}"
            return refuted(words, absent.evidence)
        if not _close(answers, is_, should_be):
            words = f"{accepted}, but the {what} is then wrong, {quiet}"
            return refuted(words, Evidence(what, answers.case, is_, should_be))
    return HOLDS


def _briefly(raised: Raised) -> str:
    what = raised.message if raised.ended else f"raises {raised.error}"
    return f"{raised.call} then {what}"


def _close(answers: Answers, is_: Array, should_be: Array) -> bool:
    allowed = tolerance.allowed(answers.contract, answers.case, is_)
    return bool(np.all(np.abs(is_ - should_be) <= allowed))


def claims(contract: Contract, right: Callable[[Answers], Answer]) -> Iterator[Claim]:
    """A claim for each capability of a row; `right` gives the answer that is due."""
    for variant in contract.readings.variants:
        yield Claim(
            contract,
            variant.name,
            Witness.LAWS,
            Severity.SHOULD,
            partial(check_variant, variant, right),
            # A layer that cannot be made has no capabilities to list.
            needs=() if contract.kind is Kind.FUNCTION else ("builds",),
            variant=variant,
        )
