"""The structural laws: what must be there before anything can be judged.

Their refutation blocks the claims that need what is absent; a wrong value never blocks.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from trigrad.claim.answers import Answers, gradient_of, returned, shape_words
from trigrad.claim.claim import HOLDS, Claim, Finding, Severity, Witness, refuted
from trigrad.claim.evidence import AbsentError, Evidence
from trigrad.contracts.schema import Contract, Kind, shape_of
from trigrad.subject.face import Odd


def check_builds(answers: Answers) -> Finding:
    """The object can be made."""
    try:
        returned(answers.results[0], "object", answers.case)
    except AbsentError as absent:
        return refuted("the object cannot be made", absent.evidence)
    return HOLDS


def check_output_shape(answers: Answers) -> Finding:
    """Forward gives an array of the contract's shape."""
    try:
        answers.output_from(answers.results[1], answers.case)
    except AbsentError as absent:
        call = "it" if answers.contract.kind is Kind.FUNCTION else "forward"
        return refuted(f"{call} gives no usable output", absent.evidence)
    return HOLDS


def check_backward_runs(answers: Answers) -> Finding:
    """Backward runs after forward."""
    try:
        returned(answers.results[2], "backward", answers.case)
    except AbsentError as absent:
        return refuted("backward does not run", absent.evidence)
    return HOLDS


def check_gradient_present(name: str, answers: Answers) -> Finding:
    """There is a gradient: a missing one is not a zero."""
    what = gradient_of(name)
    value = returned(answers.results[2], what, answers.case).values.get(name, Odd("nothing"))
    if not isinstance(value, Odd):
        return HOLDS
    shape = shape_words(answers.case.arrays[name].shape)
    return refuted(
        _nowhere(answers.contract, name),
        Evidence(what, answers.case, value.words, f"an array of {shape}"),
    )


def _nowhere(contract: Contract, name: str) -> str:
    """That a gradient is missing, and where it was looked for."""
    what = gradient_of(name)
    if contract.kind is Kind.NETWORK:
        return f"there is no {what}: the dict that gradient returns has no {name!r}"
    if name in {v.name for v in contract.parameters}:
        return f"there is no {what}: backward neither returns it nor leaves it in self.d{name}"
    return f"there is no {what}: backward does not return it"


def check_gradient_shape(name: str, answers: Answers) -> Finding:
    """A gradient has the shape of what it is the gradient of."""
    what = gradient_of(name)
    case = answers.case
    value = returned(answers.results[2], what, case).values[name]
    due = shape_of(answers.contract.variable(name).shape, case.sizes)
    if isinstance(value, Odd) or value.shape == due:
        return HOLDS  # an odd value is the claim before this one's
    return refuted(
        f"the {what} does not have {name}'s shape",
        Evidence(what, case, shape_words(value.shape), shape_words(due)),
    )


def claims(contract: Contract) -> Iterator[Claim]:
    """The structural claims of a row, in the order in which they block one another."""
    claim = partial(Claim, contract, witness=Witness.LAWS, severity=Severity.MUST)
    if contract.kind is not Kind.FUNCTION:
        yield claim(name="builds", check=check_builds)
    needs = ("builds",) if contract.kind is not Kind.FUNCTION else ()
    yield claim(name="output shape", check=check_output_shape, needs=needs, about="output")
    if not contract.differentiates:
        return
    yield claim(name="backward runs", check=check_backward_runs, needs=("output shape",))
    for name in contract.gradients:
        what = gradient_of(name)
        present = f"{what} present"
        yield claim(
            name=present,
            check=partial(check_gradient_present, name),
            needs=("backward runs",),
            about=what,
        )
        yield claim(
            name=f"{what} shape",
            check=partial(check_gradient_shape, name),
            needs=(present,),
            about=what,
        )
