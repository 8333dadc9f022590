"""Laws: what needs no reference at all, only the subject compared with itself.

Each law is one function whose docstring's first line is the law, in words a learner reads. A
decorator says to which rows of the table it applies, by their properties.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from reference.case import Case
from reference.claim import HOLDS, Finding, Severity
from reference.contract import Array, Contract, Kind
from reference.hearing import Answer, Hearing, gradient_of
from reference.witnesses.lawbook import Lawbook, agree, first_line

BOOK = Lawbook()
must = BOOK.law


def _gradients(is_: Answer, should_be: dict[str, Array]) -> list[tuple[str, Array, Array]]:
    return [(gradient_of(n), is_.gradients[n], g) for n, g in should_be.items()]


def _batch(hearing: Hearing) -> int:
    return hearing.case.sizes["N"]


def _operand_gradients(hearing: Hearing) -> list[str]:
    operands = {v.name for v in hearing.contract.operands}
    return [name for name in hearing.contract.gradients if name in operands]


def _parameter_gradients(contract: Contract) -> list[str]:
    parameters = {v.name for v in contract.parameters}
    return [name for name in contract.gradients if name in parameters]


@must("db sums dout over axis 0", Severity.MUST, lambda c: bool(c.added))
def check_added_parameters(hearing: Hearing) -> Finding:
    """The gradient of what is added to every row is dout summed over axis 0."""
    assert hearing.case.dout is not None, "a loss adds nothing to its rows"
    total = hearing.case.dout.sum(axis=0)
    return agree(
        hearing,
        first_line(check_added_parameters),
        _gradients(hearing.answer, dict.fromkeys(hearing.contract.added, total)),
        "should be: dout summed over axis 0",
    )


@must("divides by the batch", Severity.MUST, lambda c: c.rows and c.mean)
def check_mean(hearing: Hearing) -> Finding:
    """The loss is a mean over the batch: every sample twice gives the same loss, half the dx."""
    twice = list(range(_batch(hearing))) * 2
    case = hearing.case.rows(hearing.contract, twice)
    repeated = hearing.answer_to(case)
    pairs = [("output", repeated.output, hearing.answer.output)]
    for name in hearing.contract.gradients:
        once = hearing.answer.gradients[name]
        half = np.concatenate([once, once]) / 2 if name in _operand_gradients(hearing) else once
        pairs.append((gradient_of(name), repeated.gradients[name], half))
    return agree(
        hearing,
        first_line(check_mean),
        pairs,
        "is: for the batch with every sample twice; should be: from the batch itself",
        case,
    )


@must(
    "dx sums to 0 in every row",
    Severity.MUST,
    lambda c: bool(c.shift_invariant) and c.differentiates and c.rows,
)
def check_row_sums_of_gradient(hearing: Hearing) -> Finding:
    """Adding a constant to a row changes nothing, so the row's gradient sums to 0."""
    sums = {n: hearing.answer.gradients[n].sum(axis=-1) for n in hearing.contract.shift_invariant}
    pairs = [(f"row sums of the {gradient_of(n)}", s, np.zeros_like(s)) for n, s in sums.items()]
    return agree(hearing, first_line(check_row_sums_of_gradient), pairs, "the sum of every row")


@must("rows sum to 1", Severity.MUST, lambda c: c.row_sum is not None)
def check_row_sums(hearing: Hearing) -> Finding:
    """Every row of the output sums to 1."""
    sums = hearing.output.sum(axis=-1)
    due = np.full_like(sums, hearing.contract.row_sum)
    pairs = [("row sums of the output", sums, due)]
    return agree(hearing, first_line(check_row_sums), pairs, "the sum of every row")


@must("unchanged by a shift of the row", Severity.MUST, lambda c: bool(c.shift_invariant))
def check_shift(hearing: Hearing) -> Finding:
    """Adding a constant to a row does not change the output."""
    shifted = {n: hearing.case.arrays[n] + 1.5 for n in hearing.contract.shift_invariant}
    case = hearing.case.with_values(**shifted)
    output = hearing.on(case).output
    # A stabiliser in the logarithm doesn't mind a shift: the probabilities are the same.
    pairs = [("output", output, hearing.output)]
    return agree(hearing, first_line(check_shift), pairs, "is: for x + 1.5; should be: for x", case)


@must("linear in dout", Severity.MUST, lambda c: c.differentiates and not c.scalar)
def check_linear(hearing: Hearing) -> Finding:
    """Backward is linear in dout: twice the upstream gradient gives twice the gradients."""
    case = hearing.case
    assert case.dout is not None, "only a loss has no dout"
    double = case.with_dout(2 * case.dout)
    due = {n: 2 * g for n, g in hearing.answer.gradients.items()}
    law = first_line(check_linear)
    finding = agree(
        hearing,
        law,
        _gradients(hearing.answer_to(double), due),
        "is: for 2 * dout; should be: twice that for dout",
        double,
    )
    if finding is not HOLDS:
        return finding
    other = case.with_dout(case.dout[::-1] + np.arange(case.dout.size).reshape(case.dout.shape))
    both = case.with_dout(case.dout + _dout(other))
    first, second = hearing.answer, hearing.answer_to(other)
    due = {n: first.gradients[n] + second.gradients[n] for n in first.gradients}
    remark = "is: for the sum of two upstream gradients; should be: the sum of their gradients"
    return agree(hearing, law, _gradients(hearing.answer_to(both), due), remark, both)


def _dout(case: Case) -> Array:
    assert case.dout is not None, "only a loss has no dout"
    return case.dout


@must("rows are independent", Severity.MUST, lambda c: c.rows)
def check_rows_independent(hearing: Hearing) -> Finding:
    """Rows of a batch do not influence each other: a row alone gives the same."""
    n = _batch(hearing)
    alone = hearing.rows_alone
    whole = hearing.answer
    pairs: list[tuple[str, Array, Array]] = []
    if hearing.contract.scalar:
        mean = np.asarray(np.mean([a.output for a in alone]))
        pairs.append(("output", whole.output, mean))
    else:
        pairs.append(("output", whole.output, np.concatenate([a.output for a in alone])))
    share = n if hearing.contract.mean else 1
    for name in _operand_gradients(hearing):
        rows = np.concatenate([a.gradients[name] for a in alone]) / share
        pairs.append((gradient_of(name), whole.gradients[name], rows))
    remark = "is: of the batch; should be: put together from its rows, each computed alone"
    return agree(hearing, first_line(check_rows_independent), pairs, remark)


@must("rows permute", Severity.MUST, lambda c: c.rows)
def check_rows_permute(hearing: Hearing) -> Finding:
    """Samples in another order give the same results in that order."""
    order = list(reversed(range(_batch(hearing))))
    case = hearing.case.rows(hearing.contract, order)
    turned, whole = hearing.answer_to(case), hearing.answer
    due = whole.output if hearing.contract.scalar else whole.output[order]
    pairs = [("output", turned.output, due)]
    for name, gradient in whole.gradients.items():
        moved = gradient[order] if name in _operand_gradients(hearing) else gradient
        pairs.append((gradient_of(name), turned.gradients[name], moved))
    remark = "is: for the batch in reverse order; should be: that of the batch, reversed"
    return agree(hearing, first_line(check_rows_permute), pairs, remark, case)


@must(
    "weight gradients add up over rows",
    Severity.MUST,
    lambda c: c.rows and bool(_parameter_gradients(c)),
)
def check_weight_gradients_add_up(hearing: Hearing) -> Finding:
    """The weight gradients of a batch are the sum (for a mean loss the mean) of its rows'."""
    n = _batch(hearing)
    alone = hearing.rows_alone
    share = n if hearing.contract.mean else 1
    due = {
        name: np.sum([a.gradients[name] for a in alone], axis=0) / share
        for name in _parameter_gradients(hearing.contract)
    }
    remark = "is: of the batch; should be: added up from its rows, each computed alone"
    pairs = _gradients(hearing.answer, due)
    return agree(hearing, first_line(check_weight_gradients_add_up), pairs, remark)


@must("same when called twice", Severity.MUST, lambda _: True)
def check_repeatable(hearing: Hearing) -> Finding:
    """Calling twice gives the same; nothing adds up from call to call."""
    once = hearing.whole()
    again = once[1:]
    first = hearing.answer if hearing.contract.differentiates else Answer(hearing.output, {})
    second = hearing.answer_to(hearing.case, [*once, *again])
    pairs = [("output", second.output, first.output), *_gradients(second, first.gradients)]
    remark = "is: at the second call on one object; should be: as at the first"
    return agree(hearing, first_line(check_repeatable), pairs, remark)


@must("backward belongs to the last forward", Severity.MUST, lambda c: c.differentiates and c.rows)
def check_last_forward(hearing: Hearing) -> Finding:
    """After forward(A) and forward(B), backward belongs to B, with another batch size too."""
    case = hearing.case
    earlier = _earlier(hearing)
    after = hearing.whole()[1:]
    if hearing.contract.kind is Kind.NETWORK:
        after = after[1:]  # gradient(x, t) runs its own forward
    commands = [hearing.build(), hearing.forward(earlier), *after]
    mixed = hearing.answer_to(case, commands)
    remark = "is: after forward(A), forward(B), backward; should be: after forward(B), backward"
    pairs = _gradients(mixed, hearing.answer.gradients)
    return agree(hearing, first_line(check_last_forward), pairs, remark)


# A network's gradient(x, t) runs its own forward: there is nothing left over to be shared.
@must("objects share nothing", Severity.MUST, lambda c: c.kind is Kind.LAYER and c.rows)
def check_objects_share_nothing(hearing: Hearing) -> Finding:
    """Two layers of one class share nothing: each has what its own forward was given."""
    mine, other = hearing.whole(), hearing.whole(_earlier(hearing))
    second = [replace(command, which=1) for command in other[:2]]
    # Mine runs forward first, the other one after it, and then mine runs backward.
    results = hearing.face.run([mine[0], second[0], mine[1], second[1], mine[2]])
    beside = hearing.answer_from([results[2], results[4]], hearing.case)
    remark = "is: after another object ran its forward in between; should be: as without it"
    pairs = _gradients(beside, hearing.answer.gradients)
    return agree(hearing, first_line(check_objects_share_nothing), pairs, remark)


def _earlier(hearing: Hearing) -> Case:
    """Another case for the same weights: other values, one sample more."""
    batch = [*reversed(range(_batch(hearing))), 0]
    other = hearing.case.rows(hearing.contract, batch)
    return other.with_values(**{k: _other_values(v) for k, v in other.operands.items()})


def _other_values(array: Array) -> Array:
    """Other values of the same domain: signs turned, or one-hot columns moved."""
    if array.dtype.kind != "f" or set(np.unique(array)) <= {0.0, 1.0}:
        return np.roll(array, 1, axis=-1)
    return -array
