"""The laws that must hold: what needs no reference, only the subject compared with itself.

Each law is one function. A decorator gives it its name, and says to which rows of the contract
table it applies, by what they promise.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from trigrad.cases.case import Case
from trigrad.claim.answers import Answer, Answers
from trigrad.claim.claim import HOLDS, Finding, Severity
from trigrad.claim.quantity import OUTPUT, gradient
from trigrad.contracts.schema import Array, Contract, Kind
from trigrad.messages import Message
from trigrad.witnesses.law_table import LawTable, Pair, agree

TABLE = LawTable()
law = TABLE.law


def _gradients(is_: Answer, should_be: dict[str, Array]) -> list[Pair]:
    return [(gradient(n), is_.gradients[n], g) for n, g in should_be.items()]


def _batch(answers: Answers) -> int:
    return answers.case.sizes["N"]


def _operand_gradients(answers: Answers) -> list[str]:
    operands = {v.name for v in answers.contract.operands}
    return [name for name in answers.contract.gradients if name in operands]


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
        half = np.concatenate([once, once]) / 2 if name in _operand_gradients(answers) else once
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
    return agree(answers, Message("law.gradient_row_sums"), pairs, Message("remark.row_sums"))


@law("rows sum to 1", Severity.MUST, lambda c: c.promises.row_sum is not None)
def check_row_sums(answers: Answers) -> Finding:
    """Every row of the output sums to 1."""
    sums = answers.output.sum(axis=-1)
    due = np.full_like(sums, answers.contract.promises.row_sum)
    pairs: list[Pair] = [(Message("row_sums", quantity=OUTPUT), sums, due)]
    return agree(answers, Message("law.row_sums"), pairs, Message("remark.row_sums"))


@law("unchanged by a shift of the row", Severity.MUST, lambda c: bool(c.promises.shift_invariant))
def check_shift(answers: Answers) -> Finding:
    """Adding a constant to a row does not change the output."""
    shifted = {n: answers.case.arrays[n] + 1.5 for n in answers.contract.promises.shift_invariant}
    case = answers.case.with_values(**shifted)
    output = answers.on(case).output
    # Exact also with a stabiliser in the logarithm: a shift leaves the probabilities as they are.
    pairs: list[Pair] = [(OUTPUT, output, answers.output)]
    return agree(answers, Message("law.shift"), pairs, Message("remark.shift"), case)


@law("linear in dout", Severity.MUST, lambda c: c.differentiates and not c.scalar)
def check_linear(answers: Answers) -> Finding:
    """Backward is linear in dout: twice the upstream gradient gives twice the gradients."""
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
        mean = np.asarray(np.mean([a.output for a in alone]))
        pairs.append((OUTPUT, whole.output, mean))
    else:
        pairs.append((OUTPUT, whole.output, np.concatenate([a.output for a in alone])))
    share = n if answers.contract.promises.mean else 1
    for name in _operand_gradients(answers):
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
        moved = once[order] if name in _operand_gradients(answers) else once
        pairs.append((gradient(name), is_.gradients[name], moved))
    remark = Message("remark.reversed")
    return agree(answers, Message("law.rows_permute"), pairs, remark, case)


@law(
    "weight gradients add up over rows",
    Severity.MUST,
    lambda c: c.promises.rows and bool(_parameter_gradients(c)),
)
def check_weight_gradients_add_up(answers: Answers) -> Finding:
    """The weight gradients of a batch are the sum (for a mean loss the mean) of its rows'."""
    n = _batch(answers)
    alone = answers.rows_alone
    share = n if answers.contract.promises.mean else 1
    due = {
        name: np.sum([a.gradients[name] for a in alone], axis=0) / share
        for name in _parameter_gradients(answers.contract)
    }
    remark = Message("remark.rows_added")
    pairs = _gradients(answers.answer, due)
    return agree(answers, Message("law.weights_add_up"), pairs, remark)


@law("same when called twice", Severity.MUST, lambda _: True)
def check_repeatable(answers: Answers) -> Finding:
    """Calling twice gives the same; nothing adds up from call to call."""
    once = answers.whole()
    again = once[1:]
    first = answers.answer if answers.contract.differentiates else Answer(answers.output, {})
    second = answers.answer_to(answers.case, [*once, *again])
    pairs: list[Pair] = [
        (OUTPUT, second.output, first.output),
        *_gradients(second, first.gradients),
    ]
    remark = Message("remark.second_call")
    return agree(answers, Message("law.repeatable"), pairs, remark)


@law(
    "backward belongs to the last forward",
    Severity.MUST,
    lambda c: c.differentiates and c.promises.rows,
)
def check_last_forward(answers: Answers) -> Finding:
    """After forward(A) and forward(B), backward belongs to B, with another batch size too."""
    case = answers.case
    earlier = _earlier(answers)
    after = answers.whole()[1:]
    if answers.contract.kind is Kind.NETWORK:
        after = after[1:]  # gradient(x, t) runs its own forward
    commands = [answers.build(), answers.forward(earlier), *after]
    mixed = answers.answer_to(case, commands)
    remark = Message("remark.two_forwards")
    pairs = _gradients(mixed, answers.answer.gradients)
    return agree(answers, Message("law.last_forward"), pairs, remark)


# Not for networks: gradient(x, t) runs its own forward, and uses nothing of an earlier call.
@law("objects share nothing", Severity.MUST, lambda c: c.kind is Kind.LAYER and c.promises.rows)
def check_objects_share_nothing(answers: Answers) -> Finding:
    """Two layers of one class share nothing: each keeps what its own forward was given."""
    mine, other = answers.whole(), answers.whole(_earlier(answers))
    second = [replace(command, which=1) for command in other[:2]]
    # The first object runs forward, then the second one does, then the first one runs backward.
    results = answers.face.run([mine[0], second[0], mine[1], second[1], mine[2]])
    beside = answers.answer_from([results[2], results[4]], answers.case)
    remark = Message("remark.other_object")
    pairs = _gradients(beside, answers.answer.gradients)
    return agree(answers, Message("law.objects_separate"), pairs, remark)


def _earlier(answers: Answers) -> Case:
    """Another case for the same weights: other values, one sample more."""
    batch = [*reversed(range(_batch(answers))), 0]
    other = answers.case.rows(answers.contract, batch)
    return other.with_values(**{k: _other_values(v) for k, v in other.operands.items()})


def _other_values(array: Array) -> Array:
    """Other values of the same domain: the opposite signs, or other classes."""
    if array.dtype.kind != "f" or set(np.unique(array)) <= {0.0, 1.0}:
        return np.roll(array, 1, axis=-1)
    return -array
