"""Structural claims: what must be there before values can be judged.

Where one is refuted, the claims that need what is absent are blocked; a wrong value never blocks.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from trigrad.claim.answers import (
    BACKWARD,
    Answers,
    array_words,
    odd_words,
    returned,
    shape_words,
)
from trigrad.claim.claim import HOLDS, Aspect, Claim, Finding, Severity, Witness, refuted
from trigrad.claim.evidence import AbsentError, Evidence
from trigrad.claim.quantity import OUTPUT, gradient
from trigrad.contracts.schema import Contract, Kind, shape_of
from trigrad.messages import Message
from trigrad.subject.face import Odd

BACKWARD_RUNS = "backward runs"
"""The name of a claim."""


def check_builds(answers: Answers) -> Finding:
    """The object can be made."""
    try:
        returned(answers.results[0], Message("object"), answers.case)
    except AbsentError as absent:
        return refuted(Message("structure.not_built"), absent.evidence)
    return HOLDS


def check_output_shape(answers: Answers) -> Finding:
    """Forward gives an array of the contract's shape."""
    try:
        answers.output_from(answers.results[1], answers.case)
    except AbsentError as absent:
        return refuted(Message("structure.no_output", call=answers.forward_words), absent.evidence)
    return HOLDS


def check_backward_runs(answers: Answers) -> Finding:
    """Backward runs after forward."""
    try:
        returned(answers.results[2], BACKWARD, answers.case)
    except AbsentError as absent:
        return refuted(Message("structure.backward_fails"), absent.evidence)
    return HOLDS


def check_gradient_present(name: str, answers: Answers) -> Finding:
    """There is a gradient: a missing one is not a zero."""
    quantity = gradient(name)
    value = returned(answers.results[2], quantity, answers.case).values.get(name)
    if value is not None and not isinstance(value, Odd):
        return HOLDS
    should_be = array_words(answers.case.arrays[name].shape)
    evidence = Evidence(quantity, answers.case, odd_words(value), should_be)
    return refuted(_missing(answers.contract, name), evidence)


def _missing(contract: Contract, name: str) -> Message:
    """That a gradient is missing, and where it was looked for."""
    if contract.kind is Kind.NETWORK:
        return Message("structure.not_in_dict", quantity=gradient(name), key=repr(name))
    if name in {v.name for v in contract.parameters}:
        return Message("structure.not_kept", quantity=gradient(name), attribute=f"self.d{name}")
    return Message("structure.not_returned", quantity=gradient(name))


def check_gradient_shape(name: str, answers: Answers) -> Finding:
    """A gradient has the shape of what it is the gradient of."""
    quantity, case = gradient(name), answers.case
    result = returned(answers.results[2], quantity, case)
    if name in result.misfits:
        is_, own = result.misfits[name]
        words = Message("structure.other_shape", quantity=quantity, name=name)
        remark = Message("remark.own_shape", name=name, shape=str(own))
        evidence = Evidence(quantity, case, shape_words(is_), shape_words(own), remark=remark)
        return refuted(words, evidence)
    value = result.values[name]
    due = shape_of(answers.contract.variable(name).shape, case.sizes)
    if isinstance(value, Odd) or value.shape == due:
        return HOLDS  # what is not an array is refuted by the claim before this one
    return refuted(
        Message("structure.other_shape", quantity=quantity, name=name),
        Evidence(quantity, case, shape_words(value.shape), shape_words(due)),
    )


def claims(contract: Contract) -> Iterator[Claim]:
    """The structural claims of a row, in the order in which they block one another."""
    claim = partial(
        Claim,
        contract,
        witness=Witness.LAWS,
        severity=Severity.MUST,
        aspect=Aspect.STRUCTURE,
    )
    needs: tuple[str, ...] = ()
    if contract.kind is not Kind.FUNCTION:
        yield claim(name="builds", check=check_builds)
        needs = ("builds",)
    yield claim(
        name="output shape",
        check=check_output_shape,
        needs=needs,
        about=OUTPUT,
        aspect=Aspect.SHAPE,
    )
    if not contract.differentiates:
        return
    yield claim(name=BACKWARD_RUNS, check=check_backward_runs, needs=("output shape",))
    for name in contract.gradients:
        quantity = gradient(name)
        present = f"{quantity.id} present"
        yield claim(
            name=present,
            title=Message("claim.present", quantity=quantity),
            check=partial(check_gradient_present, name),
            needs=(BACKWARD_RUNS,),
            about=quantity,
        )
        yield claim(
            name=f"{quantity.id} shape",
            title=Message("claim.shape", quantity=quantity),
            check=partial(check_gradient_shape, name),
            needs=(present,),
            about=quantity,
            aspect=Aspect.SHAPE,
        )
