"""What a wrong quantity is to the right one: named where it holds, silent where it nearly does."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from trigrad.cases.case import Case
from trigrad.cases.fresh import fresh_cases
from trigrad.claim.answers import Answers
from trigrad.claim.quantity import Quantity
from trigrad.contracts.registry import CONTRACTS
from trigrad.contracts.schema import Array
from trigrad.diagnosis.diagnose import RELATIONS
from trigrad.diagnosis.observation import CASES_NEEDED, Observation, named, reproduces
from trigrad.witnesses.twin import TwinFace

OUTPUT = ""  # of no operand the gradient

ROWS = {row.name: row for row in CONTRACTS}

Make = Callable[[Case, Array], Array]
"""What a subject gives for a case, where the second is right."""


def observations(layer: str, name: str, make: Make) -> list[Observation]:
    row = ROWS[layer]
    found = []
    for case in fresh_cases(row, seed=7):
        answers = Answers(row, TwinFace(row), case)
        due = Observation(answers, Quantity(name), np.zeros(())).should_be
        found.append(Observation(answers, Quantity(name), np.asarray(make(case, due), dtype=float)))
    return found


def said(seen: Sequence[Observation]) -> str:
    """The relation that is named, in English; empty if there is none."""
    words = named(seen, RELATIONS)
    return "" if words is None else str(words)


def dout(case: Case) -> Array:
    assert case.dout is not None
    return case.dout


def softmax(x: Array, axis: int | None = -1) -> Array:
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return np.asarray(e / e.sum(axis=axis, keepdims=True))


def sigmoid(x: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-x)))


def only_row(row: int, due: Array) -> Array:
    alone = np.zeros_like(due)
    alone[row] = due[row]
    return alone


N, C = "N is the batch size", "C is the number of classes"

RELATED: list[tuple[str, str, Make, str]] = [
    # a multiple
    ("Affine", "W", lambda _, due: 2 * due, "2 times what it should be"),
    ("Affine", "W", lambda _, due: due / 2, "1/2 of what it should be"),
    ("Affine", "W", lambda _, due: 0.3 * due, "0.3 times what it should be"),
    ("Affine", "x", lambda _, due: -due, "the sign is wrong"),
    (
        "Affine",
        "b",
        lambda c, due: due / c.sizes["N"],
        f"1/N of what it should be ({N}): the mean over the batch is taken, not the sum",
    ),
    (
        "Affine",
        "x",
        lambda c, due: due / c.sizes["N"],
        f"1/N of what it should be ({N}): it is divided by the batch size, and should not be",
    ),
    (
        "SoftmaxWithLoss",
        "x",
        lambda c, due: due * c.sizes["N"],
        f"N times what it should be ({N}): the division by the batch size is missing",
    ),
    (
        "SoftmaxWithLoss",
        "x",
        lambda c, due: due / c.sizes["N"],
        f"1/N of what it should be ({N}): it is divided by the batch size twice",
    ),
    (
        "SoftmaxWithLoss",
        "x",
        lambda c, due: due * c.sizes["N"] / c.sizes["C"],
        f"N/C times what it should be ({N} and {C}): it is divided by the number of classes, "
        "not by the batch size",
    ),
    (
        "cross_entropy_error",
        OUTPUT,
        lambda c, due: due / c.sizes["C"],
        f"1/C of what it should be ({C}): it is also divided by the number of classes, and should "
        "not be",
    ),
    (
        "cross_entropy_error",
        OUTPUT,
        lambda c, due: due * c.sizes["N"] ** 2,
        f"N**2 times what it should be ({N})",
    ),
    (
        "cross_entropy_error",
        OUTPUT,
        lambda _, due: due / np.log(10),
        "1/ln(10) of what it should be: the logarithm to base 10 is used, not the natural one",
    ),
    ("sigmoid", OUTPUT, lambda _, due: 1 / due, "1 divided by what it should be"),
    # an arrangement
    ("Affine", "W", lambda _, due: due.T, "the transpose of what it should be"),
    (
        "Affine",
        "W",
        lambda _, due: due.T.reshape(due.shape),
        "the transpose of what it should be, brought into this shape by a reshape",
    ),
    ("Affine", "x", lambda _, due: due.ravel(), "the right numbers, but flattened to one axis"),
    (
        "Affine",
        "b",
        lambda _, due: due[None],
        "the right numbers, but with an extra axis of length 1: shape (1, M) instead of (M,) "
        "(keepdims)",
    ),
    (
        "Affine",
        "b",
        lambda _, due: due[:, None],
        "the right numbers, but with an extra axis of length 1: shape (M, 1) instead of (M,)",
    ),
    (
        "Affine",
        "x",
        lambda _, due: due.reshape(due.shape[::-1]),
        "the right numbers, but in the wrong shape: (D, N) instead of (N, D)",
    ),
    (
        "Affine",
        "b",
        lambda c, _: dout(c),
        "dout itself: the sum over the batch (axis 0) is missing",
    ),
    (
        "Affine",
        "b",
        lambda c, _: dout(c).sum(axis=1),
        "dout is summed over axis 1, and should be over the batch (axis 0)",
    ),
    (
        "Affine",
        "b",
        lambda c, _: dout(c).sum(),
        "dout is summed to a single number, and should be summed over the batch (axis 0) only",
    ),
    (
        "Affine",
        "b",
        lambda c, _: dout(c).max(axis=0),
        "the maximum of dout over the batch, not the sum",
    ),
    (
        "AddLayer",
        "x",
        lambda _, due: due.sum(axis=0),
        "summed over the batch (axis 0), which is wrong here",
    ),
    (
        "AddLayer",
        "x",
        lambda _, due: due.mean(axis=0),
        "the mean over the batch (axis 0), which is wrong here",
    ),
    ("AddLayer", "x", lambda _, due: due.sum(axis=1), "summed over axis 1, which is wrong here"),
    ("AddLayer", "x", lambda _, due: due.sum(), "summed to a single number, which is wrong here"),
    (
        "sigmoid",
        OUTPUT,
        lambda _, due: due.mean(),
        "a single number, the mean of what it should be",
    ),
    ("Affine", "b", lambda c, _: dout(c)[0], "computed from the first row of the batch only"),
    ("Affine", "b", lambda c, _: dout(c)[-1], "computed from the last row of the batch only"),
    (
        "MulLayer",
        "x",
        lambda _, due: only_row(0, due),
        "right in the first row of the batch, and 0 in the others",
    ),
    ("MulLayer", "x", lambda _, due: 0 * due, "all numbers are 0"),
    ("sigmoid", OUTPUT, lambda _, due: np.ones_like(due), "all numbers are 1"),
    ("sigmoid", OUTPUT, lambda _, due: due * np.nan, "not a number (NaN)"),
    ("sigmoid", OUTPUT, lambda _, due: due * np.inf, "infinite (inf)"),
    # dout, other gradients, other arguments
    (
        "Sigmoid",
        "x",
        lambda c, due: due / dout(c),
        "dout is ignored: this is only right where dout is all ones",
    ),
    (
        "Affine",
        "W",
        lambda c, _: c.arrays["x"].T @ np.ones_like(dout(c)),
        "dout is ignored: this is only right where dout is all ones",
    ),
    (
        "MulLayer",
        "x",
        lambda c, _: dout(c) + c.arrays["y"],
        "dout is added to the local derivative; it should multiply it",
    ),
    (
        "Relu",
        "x",
        lambda c, _: dout(c),
        ("dout itself: the multiplication by the local derivative is missing"),
    ),
    (
        "MulLayer",
        "x",
        lambda c, _: dout(c) * c.arrays["x"],
        "the value of the gradient of y: are the two swapped?",
    ),
    (
        "Sigmoid",
        OUTPUT,
        lambda c, _: sigmoid(-c.arrays["x"]),
        "computed as if for -x: the sign of x is wrong",
    ),
    ("Sigmoid", OUTPUT, lambda c, _: sigmoid(2 * c.arrays["x"]), "computed as if for 2 * x"),
    ("Sigmoid", OUTPUT, lambda c, _: sigmoid(c.arrays["x"] / 2), "computed as if for x / 2"),
    (
        "Affine",
        OUTPUT,
        lambda c, _: c.arrays["x"] @ c.arrays["W"],
        "computed as if b were 0: b is left out",
    ),
    (
        "Relu",
        "x",
        lambda c, _: dout(c) * (dout(c) > 0),
        "computed with dout instead of x",
    ),
    ("Sigmoid", "x", lambda c, _: dout(c) * c.arrays["x"], "dout * x"),
    (
        "Relu",
        "x",
        lambda c, _: dout(c) * np.maximum(c.arrays["x"], 0),
        "dout * the output",
    ),
    (
        "Sigmoid",
        "x",
        lambda c, _: dout(c) * c.arrays["x"] * (1 - c.arrays["x"]),
        "computed from the input x, not from the output: dout * (x - x**2)",
    ),
    (
        "Sigmoid",
        "x",
        lambda c, _: dout(c) * sigmoid(c.arrays["x"]) * (1 + sigmoid(c.arrays["x"])),
        "dout * (y + y**2), should be dout * (y - y**2), where y is the output",
    ),
    # another axis
    (
        "softmax",
        OUTPUT,
        lambda c, _: softmax(c.arrays["x"], axis=0),
        "computed down the batch (axis 0), not along each row",
    ),
    (
        "softmax",
        OUTPUT,
        lambda c, _: softmax(c.arrays["x"], axis=None),
        "computed over the whole batch at once, not along each row",
    ),
    (
        "softmax",
        OUTPUT,
        lambda _, due: due / due.sum(axis=0),
        "normalised down the batch (axis 0): each column sums to 1, but each row should",
    ),
    (
        "softmax",
        OUTPUT,
        lambda c, _: softmax(c.arrays["x"] - c.arrays["x"].max(axis=0)),
        "the maximum of x is taken down the batch (axis 0), not along each row: it does not cancel",
    ),
    # off by something
    ("sigmoid", OUTPUT, lambda _, due: due + 1, "every number is 1 too large"),
    ("sigmoid", OUTPUT, lambda _, due: due - 0.25, "every number is 1/4 too small"),
    ("Affine", "W", lambda c, due: due + 0.1 * c.arrays["W"], "the term W/10 is too much"),
    ("Affine", "W", lambda c, due: due - 0.3 * c.arrays["W"], "the term 0.3 * W is missing"),
    (
        "SoftmaxWithLoss",
        "x",
        lambda c, due: due + c.arrays["t"] / c.sizes["N"],
        f"the term t/N is too much ({N}): is the subtraction of t missing?",
    ),
    (
        "SoftmaxWithLoss",
        "x",
        lambda c, due: due + 2 * c.arrays["t"] / c.sizes["N"],
        f"the term 2/N * t is too much ({N}): is t added instead of subtracted?",
    ),
    # operands with an operator
    ("MulLayer", OUTPUT, lambda c, _: c.arrays["x"] + c.arrays["y"], "x + y"),
    ("MulLayer", OUTPUT, lambda c, _: c.arrays["x"] / c.arrays["y"], "x / y"),
    ("MulLayer", OUTPUT, lambda c, _: c.arrays["x"] ** 2, "x * x"),
    ("MulLayer", OUTPUT, lambda c, _: c.arrays["y"], "y itself"),
    ("MulLayer", "x", lambda c, _: c.arrays["y"] - dout(c), "y - dout"),
    ("Sigmoid", "x", lambda c, _: sigmoid(c.arrays["x"]), "the output itself"),
    # the two sides of a kink
    ("Relu", OUTPUT, lambda c, _: c.arrays["x"], "x where it should be 0, and right elsewhere"),
    (
        "Relu",
        OUTPUT,
        lambda c, _: np.minimum(c.arrays["x"], 0),
        "0 on the wrong side of x = 0: the two sides are swapped",
    ),
    (
        "Relu",
        "x",
        lambda c, due: np.where(due == 0, 0.01 * dout(c), due),
        "0.01 * dout where it should be 0, and right elsewhere",
    ),
]


related = pytest.mark.parametrize(
    ("layer", "name", "make", "words"), RELATED, ids=[words for *_, words in RELATED]
)
ONE_ENTRY_IS_ENOUGH = ("not a number (NaN)", "infinite (inf)")


@related
def test_a_relation_is_named_where_it_gives_what_was_seen(
    layer: str, name: str, make: Make, words: str
) -> None:
    assert said(observations(layer, name, make)) == words


def nearly(make: Make) -> Make:
    """The same but for one entry, the last one."""

    def spoilt(case: Case, due: Array) -> Array:
        value = np.array(make(case, due), dtype=float, order="C")
        value.reshape(-1)[-1] = 0.123
        return value

    return spoilt


@related
def test_it_is_not_named_where_one_entry_is_another(
    layer: str, name: str, make: Make, words: str
) -> None:
    found = said(observations(layer, name, nearly(make)))
    several = observations(layer, name, make)[0].is_.size > 1
    if words in ONE_ENTRY_IS_ENOUGH and several:
        assert found == words
    else:
        assert found == ""


@related
def test_it_is_not_named_where_one_case_contradicts_it(
    layer: str, name: str, make: Make, words: str
) -> None:
    seen = observations(layer, name, make)
    assert said(seen) == words
    last = seen[-1]
    seen[-1] = Observation(last.answers, Quantity(name), last.should_be + 0.123)
    assert said(seen) == ""


@pytest.mark.parametrize("layer", ["MulLayer", "Relu", "Sigmoid", "Affine", "SoftmaxWithLoss"])
def test_nothing_is_named_of_what_is_right(layer: str) -> None:
    for name in (OUTPUT, *ROWS[layer].gradients):
        assert said(observations(layer, name, lambda _, due: due)) == ""


def test_nothing_is_named_from_a_few_cases() -> None:
    """On one case of three rows, 3 times is N times, too."""
    seen = observations("Affine", "W", lambda _, due: 2 * due)
    assert said(seen[:CASES_NEEDED]) == "2 times what it should be"
    assert said(seen[: CASES_NEEDED - 1]) == ""


def test_a_case_on_which_all_is_right_does_not_count() -> None:
    seen = observations("Affine", "W", lambda _, due: due)
    assert not reproduces(seen, lambda s: s.should_be)


def test_a_threshold_that_is_not_the_kink() -> None:
    seen = observations("Relu", "x", lambda c, _: dout(c) * (c.arrays["x"] >= 1))
    words = said(seen)
    assert words.startswith("0 up to x = 0.")
    assert words.endswith("on: the threshold should be 0")
    # Where what is dropped lies between what is kept, there is no threshold.
    between = observations(
        "Relu", "x", lambda c, due: np.where(np.abs(c.arrays["x"] - 2) < 0.6, 0, due)
    )
    assert said(between) == ""


def test_sizes_of_fresh_cases_are_told_apart() -> None:
    for layer in ("Affine", "SoftmaxWithLoss", "TwoLayerNet", "Relu"):
        row = ROWS[layer]
        cases = fresh_cases(row, seed=1)
        assert len(cases) >= 2 * CASES_NEEDED
        for case in cases:
            assert len(set(case.sizes.values())) == len(row.symbols)
        for symbol in row.symbols:
            assert len({case.sizes[symbol] for case in cases}) > 1


def test_fresh_cases_are_the_same_for_the_same_seed() -> None:
    row = ROWS["Affine"]

    def values(seed: int) -> Sequence[float]:
        return [float(case.operands["x"].sum()) for case in fresh_cases(row, seed)]

    assert values(3) == values(3)
    assert values(3) != values(4)


@pytest.mark.filterwarnings("error")
def test_numbers_without_end_show_no_relation() -> None:
    """1e300 times what is right: the tolerance for a relation to it is infinite."""
    seen = observations("Affine", "W", lambda _, due: 1e300 * due)
    assert not seen[0].right
    assert seen[0].same(seen[0].is_, seen[0].is_)
    assert not seen[0].same(seen[0].is_, 2 * seen[0].is_)
