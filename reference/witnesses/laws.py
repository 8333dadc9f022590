"""The laws that must hold: what needs no reference, only the subject compared with itself.

Each law is one function. A decorator gives it its name, and says to which rows of the contract
table it applies, by what they promise.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from trigrad.cases.case import Case
from trigrad.claim.answers import BACKWARD, Answer, Answers, returned
from trigrad.claim.claim import HOLDS, Finding, Severity, not_applicable, refuted
from trigrad.claim.evidence import Evidence
from trigrad.claim.quantity import OUTPUT, gradient
from trigrad.contracts.schema import Array, Contract, Domain, Kind, size_of
from trigrad.messages import Message
from trigrad.numerics import tolerance
from trigrad.subject.face import Command, Look, Raised, Rewrite
from trigrad.witnesses.law_table import LawTable, Pair, agree

COPIES = 3
"""How many of the arrays with the values of one weight are tried: one is the weight itself."""

LINEAR = "linear in dout"
"""The name of the law."""

TABLE = LawTable()
law = TABLE.law


def _gradients(is_: Answer, should_be: dict[str, Array]) -> list[Pair]:
    return [(gradient(n), is_.gradients[n], g) for n, g in should_be.items()]


def _batch(answers: Answers) -> int:
    return answers.case.sizes["N"]


def _row_gradients(answers: Answers) -> list[str]:
    """The gradients that have a row for each of the batch."""
    contract = answers.contract
    return [name for name in contract.gradients if contract.is_batched(name)]


def _shared_gradients(contract: Contract) -> list[str]:
    """The gradients of what all rows of a batch share: of weights."""
    return [name for name in contract.gradients if not contract.is_batched(name)]


def _parameter_gradients(contract: Contract) -> list[str]:
    parameters = {v.name for v in contract.parameters}
    return [name for name in contract.gradients if name in parameters]


@law("db sums dout over axis 0", Severity.MUST, lambda c: bool(c.promises.added))
def check_added_parameters(answers: Answers) -> Finding:
    """The gradient of what is added to every row is dout summed over axis 0."""
    assert answers.case.dout is not None, "a loss adds nothing to its rows"
    total = answers.case.dout.sum(axis=0)
    return agree(
        answers,
        Message("law.added"),
        _gradients(answers.answer, dict.fromkeys(answers.contract.promises.added, total)),
        Message("remark.added"),
    )


@law("divides by the batch", Severity.MUST, lambda c: c.promises.rows and c.promises.mean)
def check_mean(answers: Answers) -> Finding:
    """The loss is a mean over the batch: every sample twice gives the same loss, half the dx."""
    twice = list(range(_batch(answers))) * 2
    case = answers.case.rows(answers.contract, twice)
    repeated = answers.answer_to(case)
    pairs: list[Pair] = [(OUTPUT, repeated.output, answers.answer.output)]
    for name in answers.contract.gradients:
        once = answers.answer.gradients[name]
        half = np.concatenate([once, once]) / 2 if name in _row_gradients(answers) else once
        pairs.append((gradient(name), repeated.gradients[name], half))
    return agree(
        answers,
        Message("law.mean"),
        pairs,
        Message("remark.twice"),
        case,
    )


@law(
    "dx sums to 0 in every row",
    Severity.MUST,
    lambda c: bool(c.promises.shift_invariant) and c.differentiates and c.promises.rows,
)
def check_row_sums_of_gradient(answers: Answers) -> Finding:
    """Adding a constant to a row changes nothing, so the row's gradient sums to 0."""
    sums = {
        n: answers.answer.gradients[n].sum(axis=-1)
        for n in answers.contract.promises.shift_invariant
    }
    pairs: list[Pair] = [
        (Message("row_sums", quantity=gradient(n)), s, np.zeros_like(s)) for n, s in sums.items()
    ]
    # A stabiliser that is added to the probabilities is in every entry of the row.
    entries = max(answers.case.arrays[n].shape[-1] for n in sums)
    allowance = entries * tolerance.allowance(answers.contract, answers.case)
    words, remark = Message("law.gradient_row_sums"), Message("remark.row_sums")
    return agree(answers, words, pairs, remark, allowance=allowance)


@law("rows sum to 1", Severity.MUST, lambda c: c.promises.row_sum is not None)
def check_row_sums(answers: Answers) -> Finding:
    """Every row of the output sums to 1."""
    sums = answers.output.sum(axis=-1)
    due = np.full_like(sums, answers.contract.promises.row_sum)
    pairs: list[Pair] = [(Message("row_sums", quantity=OUTPUT), sums, due)]
    allowance = answers.output.shape[-1] * tolerance.allowance(answers.contract, answers.case)
    words, remark = Message("law.row_sums"), Message("remark.row_sums")
    return agree(answers, words, pairs, remark, allowance=allowance)


@law("unchanged by a shift of the row", Severity.MUST, lambda c: bool(c.promises.shift_invariant))
def check_shift(answers: Answers) -> Finding:
    """Adding a constant to a row does not change the output."""
    shifted = {n: answers.case.arrays[n] + 1.5 for n in answers.contract.promises.shift_invariant}
    case = answers.case.with_values(**shifted)
    output = answers.on(case).output
    pairs: list[Pair] = [(OUTPUT, output, answers.output)]
    # A stabiliser in the denominator has another effect on the shifted sum of exponentials.
    allowance = sum(tolerance.allowance(answers.contract, each) for each in (answers.case, case))
    words, remark = Message("law.shift"), Message("remark.shift")
    return agree(answers, words, pairs, remark, case, allowance=allowance)


@law(LINEAR, Severity.MUST, lambda c: c.differentiates and not c.scalar)
def check_linear(answers: Answers) -> Finding:
    """Backward is linear in dout: twice the dout gives twice the gradients."""
    case = answers.case
    assert case.dout is not None, "only a loss has no dout"
    double = case.with_dout(2 * case.dout)
    due = {n: 2 * g for n, g in answers.answer.gradients.items()}
    words = Message("law.linear")
    finding = agree(
        answers,
        words,
        _gradients(answers.answer_to(double), due),
        Message("remark.double"),
        double,
    )
    if finding is not HOLDS:
        return finding
    other = case.with_dout(case.dout[::-1] + np.arange(case.dout.size).reshape(case.dout.shape))
    both = case.with_dout(case.dout + _dout(other))
    first, second = answers.answer, answers.answer_to(other)
    due = {n: first.gradients[n] + second.gradients[n] for n in first.gradients}
    remark = Message("remark.sum")
    return agree(answers, words, _gradients(answers.answer_to(both), due), remark, both)


def _dout(case: Case) -> Array:
    assert case.dout is not None, "only a loss has no dout"
    return case.dout


@law("rows are independent", Severity.MUST, lambda c: c.promises.rows)
def check_rows_independent(answers: Answers) -> Finding:
    """Rows of a batch do not influence each other: a row alone gives the same."""
    n = _batch(answers)
    alone = answers.rows_alone
    whole = answers.answer
    pairs: list[Pair] = []
    if answers.contract.scalar:
        together = np.mean if answers.contract.promises.mean else np.sum
        pairs.append((OUTPUT, whole.output, np.asarray(together([a.output for a in alone]))))
    else:
        pairs.append((OUTPUT, whole.output, np.concatenate([a.output for a in alone])))
    share = n if answers.contract.promises.mean else 1
    for name in _row_gradients(answers):
        rows = np.concatenate([a.gradients[name] for a in alone]) / share
        pairs.append((gradient(name), whole.gradients[name], rows))
    remark = Message("remark.rows")
    return agree(answers, Message("law.rows_independent"), pairs, remark)


@law("rows permute", Severity.MUST, lambda c: c.promises.rows)
def check_rows_permute(answers: Answers) -> Finding:
    """Samples in another order give the same results in that order."""
    order = list(reversed(range(_batch(answers))))
    case = answers.case.rows(answers.contract, order)
    is_, whole = answers.answer_to(case), answers.answer
    due = whole.output if answers.contract.scalar else whole.output[order]
    pairs: list[Pair] = [(OUTPUT, is_.output, due)]
    for name, once in whole.gradients.items():
        moved = once[order] if name in _row_gradients(answers) else once
        pairs.append((gradient(name), is_.gradients[name], moved))
    remark = Message("remark.reversed")
    return agree(answers, Message("law.rows_permute"), pairs, remark, case)


@law(
    "weight gradients add up over rows",
    Severity.MUST,
    lambda c: c.promises.rows and bool(_shared_gradients(c)),
)
def check_weight_gradients_add_up(answers: Answers) -> Finding:
    """The weight gradients of a batch are the sum (for a mean loss the mean) of its rows'."""
    n = _batch(answers)
    alone = answers.rows_alone
    share = n if answers.contract.promises.mean else 1
    due = {
        name: np.sum([a.gradients[name] for a in alone], axis=0) / share
        for name in _shared_gradients(answers.contract)
    }
    remark = Message("remark.rows_added")
    pairs = _gradients(answers.answer, due)
    return agree(answers, Message("law.weights_add_up"), pairs, remark)


@law("same when called twice", Severity.MUST, lambda _: True, of_contracts=True)
def check_repeatable(answers: Answers) -> Finding:
    """Calling twice gives the same; nothing adds up from call to call."""
    once = answers.whole()
    first = answers.answer if answers.contract.differentiates else Answer(answers.output, {})
    results = answers.face.run([*once, *once[1:], *once[1:]])
    each = len(once) - 1
    second = answers.answer_from(results[1 + each : 1 + 2 * each], answers.case)
    third = answers.answer_from(results[1 + 2 * each :], answers.case)
    pairs: list[Pair] = [
        (OUTPUT, second.output, first.output),
        *_gradients(second, first.gradients),
    ]
    words = Message("law.repeatable")
    finding = agree(answers, words, pairs, Message("remark.second_call"))
    if finding is not HOLDS:
        return finding
    pairs = [(OUTPUT, third.output, first.output), *_gradients(third, first.gradients)]
    return agree(answers, words, pairs, Message("remark.third_call"))


@law(
    "backward belongs to the last forward",
    Severity.MUST,
    lambda c: c.differentiates and c.promises.rows,
    needs=("same when called twice",),
    of_contracts=True,
)
def check_last_forward(answers: Answers) -> Finding:
    """After forward(A) and forward(B), backward belongs to B, whatever A's shape and values."""
    larger, other = _one_row_more(answers), other_values(answers.contract, answers.case)
    forward, backward = answers.whole()[1:]
    # gradient(x, t) runs its own forward.
    last = [backward, forward] if answers.contract.kind is Kind.NETWORK else [forward, backward]
    # What is renewed only for another shape is renewed for the larger batch, and then no more.
    before: list[Command] = [answers.forward(larger), *answers.whole(other)[1:]]
    results = answers.face.run([answers.build(), *before, *last])[-2:]
    if answers.contract.kind is Kind.NETWORK:
        results.reverse()
    mixed = answers.answer_from(results, answers.case)
    pairs: list[Pair] = [*_gradients(mixed, answers.answer.gradients)]
    pairs.append((OUTPUT, mixed.output, answers.output))
    return agree(answers, Message("law.last_forward"), pairs, Message("remark.two_forwards"))


@law("objects share nothing", Severity.MUST, lambda c: c.arguments is None, of_contracts=True)
def check_objects_share_nothing(answers: Answers) -> Finding:
    """Two objects of one class share nothing: each keeps its weights, inputs and results."""
    mine = answers.whole()
    other = other_values(answers.contract, answers.case, weights=True)
    second: list[Command] = []
    for command in answers.whole(other):
        second.append(replace(command, which=1))
    # All that one object gives is read after the other has done the same.
    commands: list[Command] = [mine[0], second[0], mine[1], second[1], Look()]
    results = answers.face.run([*commands, *mine[2:], *second[2:], Look()])
    beside = answers.answer_from([results[4], results[-1]][: len(mine) - 1], answers.case)
    pairs: list[Pair] = [(OUTPUT, beside.output, answers.output)]
    if answers.contract.differentiates:
        pairs += _gradients(beside, answers.answer.gradients)
    return agree(answers, Message("law.objects_separate"), pairs, Message("remark.other_object"))


@law(
    "uses its weights as they are now",
    Severity.MUST,
    lambda c: c.differentiates and bool(_parameter_gradients(c)),
    needs=("same when called twice",),
    of_contracts=True,
)
def check_weights_used(answers: Answers) -> Finding:
    """After its weights are changed in place, as training does, a layer computes with the new."""
    trained = other_values(answers.contract, answers.case, weights=True).parameters
    case = replace(answers.case, parameters=trained)
    fresh = answers.answer_to(case)
    calls = answers.whole()
    finding = not_applicable(Message("weights.unreachable"))
    for choice in range(COPIES):
        results = answers.face.run([*calls, Rewrite(trained, choice), *calls[1:]])
        changed = results[len(calls)]
        if isinstance(changed, Raised) and changed.unjudged:
            break
        is_ = answers.answer_from(results[-2:], case)
        pairs: list[Pair] = [(OUTPUT, is_.output, fresh.output), *_gradients(is_, fresh.gradients)]
        law_words, remark = Message("law.weights_used"), Message("remark.trained")
        found = agree(answers, law_words, pairs, remark, case)
        if found is HOLDS:
            return found
        finding = found if choice == 0 else finding
    return finding


@law("gradient leaves params as they were", Severity.MUST, lambda c: c.kind is Kind.NETWORK)
def check_params_left(answers: Answers) -> Finding:
    """Gradient computes the gradients, and leaves the step to the optimizer."""
    result = returned(answers.results[2], BACKWARD, answers.case)
    weights = {v.name for v in answers.contract.parameters}
    changed = tuple(what for what in result.overwritten if what in weights)
    if not changed:
        return HOLDS
    return refuted(
        Message("law.broken", law=Message("law.params_left")),
        Evidence(
            Message("names", names=changed),
            answers.case,
            Message("changed.is", call=Message("pass.gradient")),
            Message("changed.should_be"),
        ),
    )


def _one_row_more(answers: Answers) -> Case:
    """Another case for the same weights: other values, one sample more."""
    batch = [*reversed(range(_batch(answers))), 0]
    return other_values(answers.contract, answers.case.rows(answers.contract, batch))


def other_values(contract: Contract, case: Case, *, weights: bool = False) -> Case:
    """The case with other values of the same domains and shapes, and another `dout`.

    Operands have the opposite signs and other sizes, or other classes; weights are doubled, if
    wanted. With opposite signs alone a product of two would be the same, and an even derivative.
    """
    other = {}
    for position, variable in enumerate(contract.variables):
        array = case.arrays[variable.name]
        if variable.domain is Domain.PROBABILITY:
            roots = np.sqrt(array)  # in another order they could be those of the rolled targets
            other[variable.name] = roots / roots.sum(axis=-1, keepdims=True)
        elif variable.domain is Domain.LABEL and not array.ndim:
            classes = size_of(variable.classes, case.sizes)
            other[variable.name] = np.asarray((array + 1) % classes)
        elif variable.domain in (Domain.ONE_HOT, Domain.LABEL):
            # A single number has no other place.
            other[variable.name] = np.roll(array, 1, axis=-1) if array.ndim else array
        elif variable.domain is Domain.WHOLE:
            other[variable.name] = array  # a setting: with another one shapes are others
        elif variable.name in case.operands:
            other[variable.name] = -(1.5 + position / 2) * array
        elif weights:
            other[variable.name] = 2 * array
    dout = None if case.dout is None else -3 * case.dout
    return replace(case.with_values(**other), dout=dout)
