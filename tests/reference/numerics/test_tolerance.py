"""Every tolerance: right results stay within it, and what is just beyond is refused."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
import torch

from trigrad import check
from trigrad.cases.case import Case
from trigrad.cases.drawing import draw_cases
from trigrad.claim.answers import Answers
from trigrad.claim.claim import Outcome
from trigrad.contracts.registry import CONTRACTS
from trigrad.contracts.schema import Array, Contract, Domain
from trigrad.contracts.variables import STABILISER
from trigrad.numerics import tolerance
from trigrad.verdict.results import Verdict
from trigrad.witnesses.autograd import compare
from trigrad.witnesses.twin import TwinFace, answer_of_twin

pytestmark = pytest.mark.usefixtures("no_repair")  # its words are tested elsewhere

ROWS = {row.name: row for row in CONTRACTS}
ROWS |= {
    f"{r.name}, {o.key}": o.contract for r in CONTRACTS for o in r.readings.others if o.keyword
}
LOSSES = [
    name
    for name, row in ROWS.items()
    if row.scalar and any(v.domain is Domain.ONE_HOT for v in row.operands)
]
BINARY_LOSSES = ["BinaryCrossEntropy", "SigmoidWithLoss"]
DOUBLE = float(np.finfo(np.float64).eps)
SINGLE = float(np.finfo(np.float32).eps)


def drawn(name: str, seeds: int = 2, examples: int = 12) -> Iterator[Case]:
    for seed in range(seeds):
        for case, _ in draw_cases(ROWS[name], seed, examples):
            yield case


def affine_case(batch: int = 2, columns: int = 3, out: int = 2) -> Case:
    return Case(
        {"N": batch, "D": columns, "M": out},
        {"x": np.full((batch, columns), -2.0)},
        {"W": np.full((columns, out), 3.0), "b": np.full(out, 0.5)},
        np.full((batch, out), 4.0),
    )


# --- magnitude and round-off --------------------------------------------------------------------


def test_magnitude_is_the_product_of_the_largest_entries_times_the_terms() -> None:
    """An array whose entries are all below 1 counts as 1."""
    assert tolerance.magnitude(ROWS["Affine"], affine_case()) == tolerance.TERMS * 2 * 3 * 1 * 4


def test_magnitude_of_a_loss_counts_its_logarithm() -> None:
    case = Case({"N": 1, "C": 2}, {"x": np.array([[2.0, -1.0]]), "t": np.eye(2)[:1]}, {})
    assert tolerance.magnitude(ROWS["SoftmaxWithLoss"], case) == tolerance.TERMS * 2 * 2


@pytest.mark.parametrize("times", [1, 10, 100])
def test_round_off_does_not_grow_with_the_arrays(times: int) -> None:
    small, large = affine_case(), affine_case(2 * times, 3 * times, 2 * times)
    result = np.zeros(1)
    assert tolerance.roundoff(ROWS["Affine"], large, result) == tolerance.roundoff(
        ROWS["Affine"], small, result
    )


def test_round_off_follows_the_least_precise_result() -> None:
    row, case = ROWS["Affine"], affine_case()
    double, single = np.zeros(1), np.zeros(1, np.float32)
    bound = tolerance.ROUNDINGS * tolerance.magnitude(row, case)
    assert tolerance.roundoff(row, case, double) == bound * DOUBLE
    assert tolerance.roundoff(row, case, single) == bound * SINGLE
    assert tolerance.roundoff(row, case, double, single) == bound * SINGLE
    assert tolerance.roundoff(row, case, np.zeros(1, np.int64)) == bound * DOUBLE


def _affine_by_loops(case: Case, *, backwards: bool) -> dict[str, Array]:
    """Affine, one product and one sum at a time, in one order or the other."""
    x, W, b, dout = case.operands["x"], case.parameters["W"], case.parameters["b"], case.dout
    assert dout is not None
    (N, D), M = x.shape, W.shape[1]
    result = {
        "output": np.zeros((N, M)),
        "x": np.zeros_like(x),
        "W": np.zeros_like(W),
        "b": np.zeros_like(b),
    }
    if not backwards:
        result["output"] += b
    triples = list(product(range(N), range(D), range(M)))
    for n, d, m in reversed(triples) if backwards else triples:
        result["output"][n, m] += x[n, d] * W[d, m]
        result["x"][n, d] += dout[n, m] * W[d, m]
        result["W"][d, m] += x[n, d] * dout[n, m]
    if backwards:
        result["output"] += b
    for m in range(M):
        column = dout[::-1, m] if backwards else dout[:, m]
        result["b"][m] = sum(column)
    return result


def test_another_order_of_summation_stays_within_the_round_off() -> None:
    row = ROWS["Affine"]
    furthest = 0.0
    for case in drawn("Affine"):
        one = _affine_by_loops(case, backwards=False)
        other = _affine_by_loops(case, backwards=True)
        twin = answer_of_twin(row, case)
        for what, due in {"output": twin.output, **twin.gradients}.items():
            allowed = tolerance.roundoff(row, case, one[what], other[what])
            between = np.abs(one[what] - other[what]).max()
            assert between <= allowed
            assert np.abs(one[what] - due).max() <= allowed
            furthest = max(furthest, between)
    assert furthest > 0  # the orders do differ, in the irrational case


def test_exactly_rounded_sums_stay_within_the_round_off() -> None:
    for case in drawn("Affine"):
        x, W, b = case.operands["x"], case.parameters["W"], case.parameters["b"]
        for n, m in np.ndindex(len(x), W.shape[1]):
            exact = math.fsum([*(x[n] * W[:, m]), b[m]])
            value = (x @ W + b)[n, m]
            assert abs(value - exact) <= tolerance.roundoff(ROWS["Affine"], case, value)


def _in_single_precision(case: Case) -> Array:
    x, W, b = (a.astype(np.float32) for a in case.arrays.values())
    return x @ W + b


def test_single_precision_is_right_as_such_and_not_as_double() -> None:
    row = ROWS["Affine"]
    *_, case = drawn("Affine", seeds=1)
    single = _in_single_precision(case)
    error = np.abs(single - answer_of_twin(row, case).output).max()
    assert error <= tolerance.roundoff(row, case, single)
    assert error > tolerance.roundoff(row, case, single.astype(np.float64))


@pytest.mark.parametrize("name", ["Affine", "SoftmaxWithLoss", "numerical_gradient"])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_just_beyond_is_refused(name: str, dtype: type) -> None:
    row = ROWS[name]
    for case in drawn(name, seeds=1, examples=5):
        due = answer_of_twin(row, case).output
        answers = Answers(row, TwinFace(row), case)
        allowed = tolerance.roundoff(row, case, due.astype(dtype)) + tolerance.allowance(row, case)
        zero = np.zeros_like(due)
        within, beyond = (zero + np.asarray(f * allowed, dtype) for f in (0.999, 1.001))
        within, beyond = within.astype(dtype), beyond.astype(dtype)
        assert compare(answers, "output", within, zero).outcome is Outcome.PASS
        finding = compare(answers, "output", beyond, zero)
        assert finding.outcome is Outcome.FAIL
        assert finding.evidence is not None
        assert finding.evidence.tolerance == pytest.approx(allowed)


def test_what_is_no_number_is_beyond_every_tolerance() -> None:
    row, case = ROWS["Affine"], affine_case()
    answers = Answers(row, TwinFace(row), case)
    due = answer_of_twin(row, case).output
    for value in (np.nan, np.inf, -np.inf):
        wrong = due.copy()
        wrong[0, 0] = value
        assert compare(answers, "output", wrong, due).outcome is Outcome.FAIL


# --- what the rows allow beside rounding --------------------------------------------------------


def _with_stabiliser(row: Contract, inside: float) -> Contract:
    """The row with log(p + inside) in place of log(p)."""

    def cross_entropy(y: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
        return -(t * (y + inside).log()).sum(-1).mean()

    def loss(x: torch.Tensor, t: torch.Tensor, *weights: torch.Tensor) -> torch.Tensor:
        scores = row.methods["predict"][0](x, t, *weights) if weights else x
        return cross_entropy(scores.softmax(-1), t)

    return replace(row, twin=cross_entropy if row.name == "cross_entropy_error" else loss)


@pytest.mark.parametrize("name", LOSSES)
def test_stabiliser_in_the_logarithm_is_allowed_on_every_case(name: str) -> None:
    """In the loss, and in the derivative that finite differences find of it."""
    row = ROWS[name]
    book = _with_stabiliser(row, STABILISER)
    for case in drawn(name, seeds=3):
        allowed = tolerance.allowance(row, case)
        due, found = answer_of_twin(row, case), answer_of_twin(book, case)
        assert np.abs(found.output - due.output).max() <= allowed
        for gradient, value in found.gradients.items():
            assert np.abs(value - due.gradients[gradient]).max() <= allowed, gradient


@pytest.mark.parametrize("name", BINARY_LOSSES)
def test_stabilisers_of_binary_cross_entropy_are_allowed(name: str) -> None:
    row = ROWS[name]

    def loss(y: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
        y = y.sigmoid() if name == "SigmoidWithLoss" else y
        terms = t * (y + STABILISER).log() + (1 - t) * (1 - y + STABILISER).log()
        return -terms.mean()

    for case in drawn(name, seeds=3):
        allowed = tolerance.allowance(row, case)
        due, found = answer_of_twin(row, case), answer_of_twin(replace(row, twin=loss), case)
        assert np.abs(found.output - due.output) <= allowed
        assert allowed < 1e-3
        for gradient, value in found.gradients.items():
            assert np.abs(value - due.gradients[gradient]).max() <= allowed, gradient


@pytest.mark.parametrize("name", LOSSES)
def test_thousand_times_the_stabiliser_is_refused_on_every_case(name: str) -> None:
    row = ROWS[name]
    loose = _with_stabiliser(row, 1e-4)
    for case in drawn(name):
        if case.operands["t"].shape[-1] == 1:
            continue  # one class has probability 1, and log(1 + d) is d
        allowed = tolerance.allowance(row, case) + tolerance.roundoff(row, case, np.zeros(1))
        error = np.abs(answer_of_twin(loose, case).output - answer_of_twin(row, case).output)
        assert error > allowed


@pytest.mark.parametrize(("inside", "verdict"), [(1e-7, Verdict.PASS), (1e-4, Verdict.FAIL)])
def test_stabiliser_in_a_whole_trial(inside: float, verdict: Verdict) -> None:
    class SoftmaxWithLoss:
        def forward(self, x: Array, t: Array) -> Array:
            e = np.exp(x - x.max(axis=-1, keepdims=True))
            self.y, self.t = e / e.sum(axis=-1, keepdims=True), t
            return -np.sum(t * np.log(self.y + inside)) / len(x)

        def backward(self, dout: float = 1.0) -> Array:
            return dout * (self.y - self.t) / len(self.t)

    report = check(SoftmaxWithLoss, examples=5)
    assert report.layers[0].verdict is verdict


@pytest.mark.parametrize("name", [n for n, row in ROWS.items() if row.promises.allowance is None])
def test_rows_without_an_allowance_allow_nothing(name: str) -> None:
    for case in drawn(name, seeds=1, examples=2):
        assert tolerance.allowance(ROWS[name], case) == 0.0


def _differentiated(case: Case, up: float, down: float) -> Array:
    """The gradient of f(x) = sum(x**3 / 16 + c2 * x**2 + c1 * x), from two values of it."""
    x, c1, c2 = case.operands.values()
    gradient = np.zeros_like(x)
    for i in range(x.size):
        step = np.eye(x.size)[i]
        points = (x + up * step, x - down * step)
        ends = [np.sum(p**3 / 16 + c2 * p * p + c1 * p) for p in points]
        gradient[i] = (ends[0] - ends[1]) / (up + down)
    return gradient


@pytest.mark.parametrize("step", [1e-3, 1e-4, 1e-5, 1e-6])
def test_numerical_gradient_with_any_good_step_is_allowed(step: float) -> None:
    row = ROWS["numerical_gradient"]
    for case in drawn(row.name):
        error = np.abs(_differentiated(case, step, step) - answer_of_twin(row, case).output)
        assert error.max() <= tolerance.allowance(row, case)


@pytest.mark.parametrize("step", [1.0, 0.1])
def test_numerical_gradient_with_too_large_a_step_is_refused_on_every_case(step: float) -> None:
    row = ROWS["numerical_gradient"]
    for case in drawn(row.name):
        due = answer_of_twin(row, case).output
        allowed = tolerance.allowance(row, case) + tolerance.roundoff(row, case, due)
        assert np.abs(_differentiated(case, step, step) - due).max() > allowed


@pytest.mark.parametrize("step", [1e-3, 1e-4])
def test_one_sided_difference_is_refused_on_every_case(step: float) -> None:
    row = ROWS["numerical_gradient"]
    for case in drawn(row.name):
        due = answer_of_twin(row, case).output
        allowed = tolerance.allowance(row, case) + tolerance.roundoff(row, case, due)
        assert np.abs(_differentiated(case, step, 0.0) - due).max() > allowed


# --- finite differences -------------------------------------------------------------------------


def test_steps_are_powers_of_two_one_half_of_the_other() -> None:
    coarse, fine = tolerance.step_sizes()
    assert fine == coarse / 2
    assert math.frexp(coarse)[0] == 0.5
    assert 1.75 + fine - 1.75 == fine  # exact beside a quarter


def test_truncation_is_that_of_the_fine_difference() -> None:
    """f(x) = x**3: D(h) = f' + h**2 exactly."""
    coarse, fine = (np.array([3.0 + h**2]) for h in tolerance.step_sizes())
    np.testing.assert_allclose(tolerance.difference_truncation(coarse, fine), fine - 3.0, rtol=1e-6)


def test_truncation_is_entry_by_entry() -> None:
    coarse, fine = np.array([1.0, 2.0, 3.0]), np.array([1.0, 2.0, 3.3])
    error = tolerance.difference_truncation(coarse, fine)
    np.testing.assert_allclose(error, [0, 0, 0.1])


def test_rounding_is_that_of_two_evaluations_over_their_distance() -> None:
    step, terms = 2.0**-11, 7.0
    each = tolerance.ROUNDINGS * DOUBLE / 2 * terms
    assert tolerance.difference_rounding(step, terms, DOUBLE) == 2 * (2 * each / (2 * step))
    wide = tolerance.difference_rounding(4 * step, terms, DOUBLE)
    assert wide == tolerance.difference_rounding(step, terms, DOUBLE) / 4


def test_a_relation_is_looked_for_no_more_closely_than_its_factor_allows() -> None:
    from trigrad.cases.fresh import fresh_cases
    from trigrad.contracts.registry import CONTRACTS

    rows = {row.name: row for row in CONTRACTS}
    affine = fresh_cases(rows["Affine"], seed=0)[0]
    plain = tolerance.allowed(rows["Affine"], affine)
    small, large = np.full(2, 0.5), np.full(2, 50.0)
    assert tolerance.relation(rows["Affine"], affine, small, small) == plain
    assert tolerance.relation(rows["Affine"], affine, small, large) == 100 * plain
    assert tolerance.relation(rows["Affine"], affine, small, small * np.nan) == plain
    assert tolerance.relation(rows["Affine"], affine, 0 * small, large) == 50 * plain
    loss = fresh_cases(rows["SoftmaxWithLoss"], seed=0)[0]  # a sum for a mean
    summed = tolerance.relation(rows["SoftmaxWithLoss"], loss, 0 * small, 0 * small)
    assert summed == loss.sizes["N"] * tolerance.allowed(rows["SoftmaxWithLoss"], loss)
