"""Autograd: PyTorch in float64, on identical weights and inputs.

The contract's twin answers for the value and, through autograd, for every gradient.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from trigrad.cases.case import Case
from trigrad.cases.kinds import EVERY_KIND
from trigrad.claim.answers import Answer, Answers, returned
from trigrad.claim.claim import (
    HOLDS,
    Aspect,
    Claim,
    Finding,
    Outcome,
    Severity,
    Witness,
    not_applicable,
    refuted,
    unsettled,
)
from trigrad.claim.evidence import NAMED, AbsentError, Evidence, absent_words, entries_at
from trigrad.claim.quantity import OUTPUT, Quantity, gradient
from trigrad.contracts.schema import Array, Contract
from trigrad.defaults import ENTRY_BY_ENTRY
from trigrad.messages import Message
from trigrad.numerics import tolerance
from trigrad.subject.face import Command, Form, Method, Raised
from trigrad.witnesses.precision import hidden, roundoff
from trigrad.witnesses.twin import NotFollowedError, answer_of_twin, methods_of_twin

NEAR = (1 / 64, 1 / 8, 3 / 16)
"""Distances from a kink at which a layer is checked: smaller than those of the drawn cases."""


def twin_of(answers: Answers) -> Answer:
    """The twin's answer to the same case, computed once."""
    return answers.once("twin", lambda: answer_of_twin(answers.contract, answers.case))


def compare(
    answers: Answers,
    what: Quantity | Message,
    is_: Array,
    should_be: Array,
    *,
    case: Case | None = None,
    allowance: float | None = None,
) -> Finding:
    """Whether two arrays of one shape agree up to rounding and the row's allowance."""
    case = case or answers.case
    if allowance is None:
        allowance = tolerance.allowance(answers.contract, case)
    # A forward in single precision has rounded what its gradients are made of.
    forward = () if case is not answers.case else (answers.output,)
    error = np.abs(is_ - should_be)
    worst = float(np.max(error, initial=0.0))
    allowed = roundoff(answers, case, worst, allowance, is_, *forward) + allowance
    if worst <= allowed:
        if hidden(answers, allowance):
            return unsettled(Message("own.hidden", quantity=what))
        return HOLDS
    words = Message("value.not_pytorch", quantity=what)
    if is_.size > ENTRY_BY_ENTRY:
        few = np.argsort(-np.nan_to_num(error, nan=np.inf), axis=None, kind="stable")[:NAMED]
        places = [tuple(map(int, np.unravel_index(i, is_.shape))) for i in few]
        one, other = (entries_at(places, [float(a[p]) for p in places]) for a in (is_, should_be))
        return refuted(words, Evidence(what, case, one, other, worst, allowed))
    return refuted(words, Evidence(what, case, is_, should_be, worst, allowed))


def check_value(answers: Answers) -> Finding:
    """Forward is the function that the contract names."""
    return compare(answers, OUTPUT, answers.output, twin_of(answers).output)


def check_gradient(name: str, answers: Answers) -> Finding:
    """The gradient is the one PyTorch finds on identical weights and inputs."""
    should_be = twin_of(answers).gradients[name]
    return compare(answers, gradient(name), answers.gradient(name), should_be)


def check_own_gradient(name: str, answers: Answers) -> Finding:
    """The gradient is the one that PyTorch finds for the subject's own forward."""
    try:
        should_be = twin_of(answers).gradients[name]
    except NotFollowedError as error:
        return not_applicable(Message("own.not_followed", why=str(error)))
    is_ = answers.gradient(name)
    finding = compare(answers, gradient(name), is_, should_be)
    if finding.outcome is not Outcome.FAIL:
        return finding
    assert finding.evidence is not None, "a refutation comes with its evidence"
    return refuted(Message("derivative.other", quantity=gradient(name)), finding.evidence)


def check_near_kink(answers: Answers) -> Finding:
    """Close to its kink, on either side, a layer is what PyTorch says."""
    at = answers.contract.promises.kink_at
    assert at is not None, "asked of rows with a kink only"
    near = {}
    for variable in answers.contract.operands:
        array = answers.case.arrays[variable.name]
        distances = np.resize(NEAR, array.size) * np.resize((1, -1, -1, 1), array.size)
        near[variable.name] = (at + distances).reshape(array.shape)
    case = answers.case.with_values(**near)
    is_ = answers.answer_to(case)
    twin = answer_of_twin(answers.contract, case)
    finding = compare(answers, OUTPUT, is_.output, twin.output, case=case)
    for name, should_be in twin.gradients.items():
        if finding is not HOLDS:
            break
        finding = compare(answers, gradient(name), is_.gradients[name], should_be, case=case)
    if finding.words is None or finding.evidence is None:
        return HOLDS
    return refuted(Message("value.near_kink", at=at, finding=finding.words), finding.evidence)


def check_numbers(answers: Answers) -> Finding:
    """Plain Python numbers work: the apples of the chapter."""
    case = single_entry(answers.case)
    commands: list[Command] = [
        answers.build(case),
        answers.forward(case, Form.NUMBER),
        answers.backward(case, Form.NUMBER),
    ]
    results = answers.face.run(commands)
    twin = answer_of_twin(answers.contract, case)
    numbers = _as_numbers(case)
    raised = next((r for r in results if isinstance(r, Raised)), None)
    if raised is not None:
        return refuted(Message("numbers.fail"), Evidence(OUTPUT, numbers, raised=raised))
    parts = [(OUTPUT, results[1], twin.output)]
    parts += [(gradient(n), results[2], g) for n, g in twin.gradients.items()]
    for quantity, result, should_be in parts:
        try:
            is_ = answers.array(returned(result, quantity, numbers), quantity, (), numbers)
        except AbsentError as absent:
            words = absent_words(absent.evidence)
            return refuted(Message("numbers.wrong", finding=words), absent.evidence)
        finding = compare(answers, quantity, is_, should_be.reshape(()), case=numbers)
        if finding.words is not None and finding.evidence is not None:
            return refuted(Message("numbers.wrong", finding=finding.words), finding.evidence)
    return HOLDS


def _as_numbers(case: Case) -> Case:
    """The case of single entries as it is shown: x = 1, not x = [[1.]]."""
    return Case(
        case.sizes,
        {k: v.reshape(()) for k, v in case.operands.items()},
        case.parameters,
        None if case.dout is None else case.dout.reshape(()),
    )


def single_entry(case: Case) -> Case:
    """The case's first entries alone, with the axes kept."""

    def first(array: Array) -> Array:
        return array[(slice(0, 1),) * array.ndim]

    return Case(
        dict.fromkeys(case.sizes, 1),
        {k: first(v) for k, v in case.operands.items()},
        {k: first(v) for k, v in case.parameters.items()},
        None if case.dout is None else first(case.dout),
    )


def claims(contract: Contract, needs_output: tuple[str, ...]) -> Iterator[Claim]:
    """Value and gradients of a row, compared with PyTorch's."""
    claim = partial(
        Claim,
        contract,
        witness=Witness.AUTOGRAD,
        severity=Severity.MUST,
        aspect=Aspect.VALUE,
    )
    if contract.twin is not None:
        yield claim(
            name="value", check=check_value, needs=needs_output, about=OUTPUT, special=EVERY_KIND
        )
    check = check_gradient if contract.twin is not None else check_own_gradient
    gradients = [gradient(name) for name in contract.gradients]
    for quantity in gradients:
        yield claim(
            name=quantity.id,
            title=Message("claim.quantity", quantity=quantity),
            check=partial(check, quantity.key),
            needs=(f"{quantity.id} shape",),
            about=quantity,
            special=EVERY_KIND,
        )
    shapes = tuple(f"{quantity.id} shape" for quantity in gradients)
    if contract.promises.kink_at is not None:
        yield claim(name="near the kink", check=check_near_kink, needs=shapes)
    if contract.promises.numbers:
        yield claim(name="plain numbers", check=check_numbers, needs=shapes)
    if contract.numerical_method:
        method = contract.numerical_method
        title = Message("method", method=method)
        yield claim(name=method, title=title, check=check_numerical, needs=shapes)
    for name in contract.methods:
        yield claim(
            name=name,
            title=Message("method", method=name),
            # Only the loss and its gradients are promised; chapter 4's predict gives
            # softmax(scores).
            severity=Severity.SHOULD,
            check=partial(check_method, name),
            needs=("builds",),
        )


def check_numerical(answers: Answers) -> Finding:
    """The network's own numerical gradients are those PyTorch finds, to three digits."""
    method = answers.contract.numerical_method
    if not answers.face.has(method):
        return not_applicable(Message("method.none", method=method))
    result = answers.face.run([answers.build(), Method(method, answers.case.operands)])[1]
    if isinstance(result, Raised) and result.absent:
        return not_applicable(Message("method.absent", method=method, name=result.absent))
    called = returned(result, Message("method", method=method), answers.case)
    for name, should_be in twin_of(answers).gradients.items():
        is_ = answers.array(called, gradient(name), should_be.shape, answers.case)
        # Some take a one-sided difference, or a step of 1e-3: that is exact enough to compare with.
        size = max(1.0, float(np.abs(should_be).max(initial=0.0)))
        allowance = tolerance.THREE_DIGITS * size
        allowance += tolerance.allowance(answers.contract, answers.case)
        what = Message("method.gradient", method=method, name=name)
        finding = compare(answers, what, is_, should_be, allowance=allowance)
        if finding is not HOLDS:
            return finding
    return HOLDS


def check_method(name: str, answers: Answers) -> Finding:
    """A further method of the network gives what PyTorch gives."""
    if not answers.face.has(name):
        return not_applicable(Message("method.none", method=name))
    result = answers.face.run([answers.build(), Method(name, answers.case.operands)])[1]
    due = methods_of_twin(answers.contract, name, answers.case)
    what = Message("method.result", method=name)
    called = returned(result, Message("method", method=name), answers.case)
    value = called.values.get(OUTPUT.key)
    alike = [d for d in due if isinstance(value, np.ndarray) and d.shape == value.shape]
    is_ = answers.array(called, OUTPUT, (alike or due)[0].shape, answers.case)
    # No allowance: there is no logarithm in it.
    found = [compare(answers, what, is_, should_be, allowance=0.0) for should_be in alike]
    return next((each for each in found if each.outcome is Outcome.PASS), found[0])
