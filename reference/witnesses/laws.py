"""Laws: what needs no reference at all, only the subject compared with itself.

Each law is one function whose docstring's first line is the law, in words a learner reads. A
decorator says to which rows of the table it applies, by their properties.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from trigrad.cases.case import Case
from trigrad.claim.answers import Answer, Answers, gradient_of
from trigrad.claim.claim import HOLDS, Finding, Severity
from trigrad.contracts.schema import Array, Contract, Kind
from trigrad.witnesses.lawbook import Lawbook, agree, first_line

BOOK = Lawbook()
must = BOOK.law


def _gradients(is_: Answer, should_be: dict[str, Array]) -> list[tuple[str, Array, Array]]:
    return [(gradient_of(n), is_.gradients[n], g) for n, g in should_be.items()]


def _batch(answers: Answers) -> int:
    return answers.case.sizes["N"]


def _operand_gradients(answers: Answers) -> list[str]:
    operands = {v.name for v in answers.contract.operands}
    return [name for name in answers.contract.gradients if name in operands]


def _parameter_gradients(contract: Contract) -> list[str]:
    parameters = {v.name for v in contract.parameters}
    return [name for name in contract.gradients if name in parameters]


@must("db sums dout over axis 0", Severity.MUST, lambda c: bool(c.promises.added))
def check_added_parameters(answers: Answers) -> Finding:
    """The gradient of what is added to every row is dout summed over axis 0."""
    assert answers.case.dout is not None, "a loss adds nothing to its rows"
    total = answers.case.dout.sum(axis=0)
    return agree(
        answers,
        first_line(check_added_parameters),
        _gradients(answers.answer, dict.fromkeys(answers.contract.promises.added, total)),
        "should be: dout summed over axis 0",
    )


@must("divides by the batch", Severity.MUST, lambda c: c.promises.rows and c.promises.mean)
def check_mean(answers: Answers) -> Finding:
    """The loss is a mean over the batch: every sample twice gives the same loss, half the dx."""
    twice = list(range(_batch(answers))) * 2
    case = answers.case.rows(answers.contract, twice)
    repeated = answers.answer_to(case)
    pairs = [("output", repeated.output, answers.answer.output)]
    for name in answers.contract.gradients:
        once = answers.answer.gradients[name]
        half = np.concatenate([once, once]) / 2 if name in _operand_gradients(answers) else once
        pairs.append((gradient_of(name), repeated.gradients[name], half))
    return agree(
        answers,
        first_line(check_mean),
        pairs,
        "is: for the batch with every sample twice; should be: from the batch itself",
        case,
    )


@must(
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
    pairs = [(f"row sums of the {gradient_of(n)}", s, np.zeros_like(s)) for n, s in sums.items()]
    return agree(answers, first_line(check_row_sums_of_gradient), pairs, "the sum of every row")


@must("rows sum to 1", Severity.MUST, lambda c: c.promises.row_sum is not None)
def check_row_sums(answers: Answers) -> Finding:
    """Every row of the output sums to 1."""
    sums = answers.output.sum(axis=-1)
    due = np.full_like(sums, answers.contract.promises.row_sum)
    pairs = [("row sums of the output", sums, due)]
    return agree(answers, first_line(check_row_sums), pairs, "the sum of every row")


@must("unchanged by a shift of the row", Severity.MUST, lambda c: bool(c.promises.shift_invariant))
def check_shift(answers: Answers) -> Finding:
    """Adding a constant to a row does not change the output."""
    shifted = {n: answers.case.arrays[n] + 1.5 for n in answers.contract.promises.shift_invariant}
    case = answers.case.with_values(**shifted)
    output = answers.on(case).output
    # A stabiliser in the logarithm doesn't mind a shift: the probabilities are the same.
    pairs = [("output", output, answers.output)]
    return agree(answers, first_line(check_shift), pairs, "is: for x + 1.5; should be: for x", case)


@must("linear in dout", Severity.MUST, lambda c: c.differentiates and not c.scalar)
def check_linear(answers: Answers) -> Finding:
    """Backward is linear in dout: twice the upstream gradient gives twice the gradients."""
    case = answers.case
    assert case.dout is not None, "only a loss has no dout"
    double = case.with_dout(2 * case.dout)
    due = {n: 2 * g for n, g in answers.answer.gradients.items()}
    law = first_line(check_linear)
    finding = agree(
        answers,
        law,
        _gradients(answers.answer_to(double), due),
        "is: for 2 * dout; should be: twice that for dout",
        double,
    )
    if finding is not HOLDS:
        return finding
    other = case.with_dout(case.dout[::-1] + np.arange(case.dout.size).reshape(case.dout.shape))
    both = case.with_dout(case.dout + _dout(other))
    first, second = answers.answer, answers.answer_to(other)
    due = {n: first.gradients[n] + second.gradients[n] for n in first.gradients}
    remark = "is: for the sum of two upstream gradients; should be: the sum of their gradients"
    return agree(answers, law, _gradients(answers.answer_to(both), due), remark, both)


def _dout(case: Case) -> Array:
    assert case.dout is not None, "only a loss has no dout"
    return case.dout


@must("rows are independent", Severity.MUST, lambda c: c.promises.rows)
def check_rows_independent(answers: Answers) -> Finding:
    """Rows of a batch do not influence each other: a row alone gives the same."""
    n = _batch(answers)
    alone = answers.rows_alone
    whole = answers.answer
    pairs: list[tuple[str, Array, Array]] = []
    if answers.contract.scalar:
        mean = np.asarray(np.mean([a.output for a in alone]))
        pairs.append(("output", whole.output, mean))
    else:
        pairs.append(("output", whole.output, np.concatenate([a.output for a in alone])))
    share = n if answers.contract.promises.mean else 1
    for name in _operand_gradients(answers):
        rows = np.concatenate([a.gradients[name] for a in alone]) / share
        pairs.append((gradient_of(name), whole.gradients[name], rows))
    remark = "is: of the batch; should be: put together from its rows, each computed alone"
    return agree(answers, first_line(check_rows_independent), pairs, remark)


@must("rows permute", Severity.MUST, lambda c: c.promises.rows)
def check_rows_permute(answers: Answers) -> Finding:
    """Samples in another order give the same results in that order."""
    order = list(reversed(range(_batch(answers))))
    case = answers.case.rows(answers.contract, order)
    turned, whole = answers.answer_to(case), answers.answer
    due = whole.output if answers.contract.scalar else whole.output[order]
    pairs = [("output", turned.output, due)]
    for name, gradient in whole.gradients.items():
        moved = gradient[order] if name in _operand_gradients(answers) else gradient
        pairs.append((gradient_of(name), turned.gradients[name], moved))
    remark = "is: for the batch in reverse order; should be: that of the batch, reversed"
    return agree(answers, first_line(check_rows_permute), pairs, remark, case)


@must(
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
    remark = "is: of the batch; should be: added up from its rows, each computed alone"
    pairs = _gradients(answers.answer, due)
    return agree(answers, first_line(check_weight_gradients_add_up), pairs, remark)


@must("same when called twice", Severity.MUST, lambda _: True)
def check_repeatable(answers: Answers) -> Finding:
    """Calling twice gives the same; nothing adds up from call to call."""
    once = answers.whole()
    again = once[1:]
    first = answers.answer if answers.contract.differentiates else Answer(answers.output, {})
    second = answers.answer_to(answers.case, [*once, *again])
    pairs = [("output", second.output, first.output), *_gradients(second, first.gradients)]
    remark = "is: at the second call on one object; should be: as at the first"
    return agree(answers, first_line(check_repeatable), pairs, remark)


@must(
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
    remark = "is: after forward(A), forward(B), backward; should be: after forward(B), backward"
    pairs = _gradients(mixed, answers.answer.gradients)
    return agree(answers, first_line(check_last_forward), pairs, remark)


# A network's gradient(x, t) runs its own forward: there is nothing left over to be shared.
@must("objects share nothing", Severity.MUST, lambda c: c.kind is Kind.LAYER and c.promises.rows)
def check_objects_share_nothing(answers: Answers) -> Finding:
    """Two layers of one class share nothing: each has what its own forward was given."""
    mine, other = answers.whole(), answers.whole(_earlier(answers))
    second = [replace(command, which=1) for command in other[:2]]
    # Mine runs forward first, the other one after it, and then mine runs backward.
    results = answers.face.run([mine[0], second[0], mine[1], second[1], mine[2]])
    beside = answers.answer_from([results[2], results[4]], answers.case)
    remark = "is: after another object ran its forward in between; should be: as without it"
    pairs = _gradients(beside, answers.answer.gradients)
    return agree(answers, first_line(check_objects_share_nothing), pairs, remark)


def _earlier(answers: Answers) -> Case:
    """Another case for the same weights: other values, one sample more."""
    batch = [*reversed(range(_batch(answers))), 0]
    other = answers.case.rows(answers.contract, batch)
    return other.with_values(**{k: _other_values(v) for k, v in other.operands.items()})


def _other_values(array: Array) -> Array:
    """Other values of the same domain: signs turned, or one-hot columns moved."""
    if array.dtype.kind != "f" or set(np.unique(array)) <= {0.0, 1.0}:
        return np.roll(array, 1, axis=-1)
    return -array
