"""Capabilities: further kinds of input, which a right layer may refuse but must not get wrong.

If forward refuses such an input, that is no fault. If it accepts it, and forward or backward then
gives a wrong result, that is a suggestion.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from trigrad.claim.answers import BACKWARD, Answer, Answers
from trigrad.claim.claim import HOLDS, Claim, Finding, Severity, Witness, not_applicable, refuted
from trigrad.claim.evidence import AbsentError, Evidence
from trigrad.claim.quantity import OUTPUT, Quantity, gradient
from trigrad.contracts.schema import Array, Contract, Kind, Variant
from trigrad.messages import Message
from trigrad.numerics import tolerance
from trigrad.subject.face import Raised
from trigrad.witnesses.precision import roundoff


def check_variant(
    variant: Variant, right: Callable[[Answers], Answer], answers: Answers
) -> Finding:
    """What forward accepts, forward and backward get right."""
    accepted = partial(Message, call=answers.forward_words, input=variant.words)
    try:
        output = answers.output
    except AbsentError as absent:
        raised = absent.evidence.raised
        if raised is None or not raised.ended:
            return not_applicable(Message("input.refused", name=Message(f"claim.{variant.name}")))
        words = accepted("input.not_refused", raised=raised.sentence)
        return refuted(words, absent.evidence)
    due = right(answers)
    if not _close(answers, output, due.output):
        evidence = Evidence(OUTPUT, answers.case, output, due.output)
        return refuted(accepted("input.output_wrong"), evidence)
    if not answers.contract.differentiates:
        return HOLDS
    backward = answers.results[2]
    if isinstance(backward, Raised):
        words = (
            accepted("input.backward_ended", raised=backward.sentence)
            if backward.ended
            else accepted("input.backward_raises", backward=backward.call, error=backward.error)
        )
        return refuted(words, Evidence(BACKWARD, answers.case, raised=backward))
    for name, should_be in due.gradients.items():
        quantity = gradient(name)
        try:
            is_ = answers.gradient(name)
        except AbsentError as absent:
            return refuted(_absent(accepted, quantity, absent), absent.evidence)
        if not _close(answers, is_, should_be):
            words = accepted("input.gradient_wrong", quantity=quantity)
            return refuted(words, Evidence(quantity, answers.case, is_, should_be))
    return HOLDS


def _absent(accepted: Callable[..., Message], quantity: Quantity, absent: AbsentError) -> Message:
    if absent.shapes is not None:
        found, due = map(str, absent.shapes)
        return accepted("input.gradient_shape", quantity=quantity, found=found, should_be=due)
    is_ = absent.evidence.is_
    assert isinstance(is_, Message | str), "there is no array to show"
    return accepted("input.gradient_absent", quantity=quantity, found=is_)


def _close(answers: Answers, is_: Array, should_be: Array) -> bool:
    allowance = tolerance.allowance(answers.contract, answers.case)
    error = float(np.max(np.abs(is_ - should_be), initial=0.0))
    return error <= roundoff(answers, answers.case, error, allowance, is_) + allowance


def claims(contract: Contract, right: Callable[[Answers], Answer]) -> Iterator[Claim]:
    """A claim for each capability of a row; `right` gives the correct answer."""
    for variant in contract.readings.variants:
        yield Claim(
            contract,
            variant.name,
            Witness.LAWS,
            Severity.SHOULD,
            partial(check_variant, variant, right),
            needs=() if contract.kind is Kind.FUNCTION else ("builds",),  # a function has no object
            variant=variant,
        )
