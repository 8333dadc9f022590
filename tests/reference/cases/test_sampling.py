"""From a contract to its cases: sizes, values, and what a case is never like."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from functools import cache

import numpy as np
import pytest

from trigrad.cases.case import Case
from trigrad.cases.drawing import draw_cases
from trigrad.cases.kinks import KINK_MARGIN, moved
from trigrad.cases.sampling import (
    FEW_ROWS,
    LARGE,
    Material,
    case_from,
    in_float32,
    large_case,
    variant_case,
)
from trigrad.contracts.registry import CONTRACTS
from trigrad.contracts.schema import Array, Contract, Domain, Variant, shape_of
from trigrad.defaults import ENTRY_BY_ENTRY

ROWS = {row.name: row for row in CONTRACTS}
VARIANTS = [(row, variant) for row in CONTRACTS for variant in row.readings.variants]
NUMBERS = (Domain.REAL, Domain.LOGIT, Domain.WEIGHT)
DRAWN = (*NUMBERS, Domain.PROBABILITY, Domain.CHANCE)
EXAMPLES = 100

every_row = pytest.mark.parametrize("row", CONTRACTS, ids=lambda row: row.name)
every_variant = pytest.mark.parametrize(("row", "variant"), VARIANTS, ids=lambda part: part.name)


@cache
def drawn(row: Contract) -> list[tuple[Case, Material]]:
    return draw_cases(row, 0, EXAMPLES)


def cases(row: Contract) -> list[Case]:
    return [case for case, _ in drawn(row)]


def variant_cases(row: Contract, variant: Variant) -> list[Case]:
    return [variant_case(variant, row, material) for _, material in drawn(row)]


def arrays_of(row: Contract, case: Case, *domains: Domain) -> Iterator[Array]:
    for variable in row.variables:
        if variable.domain in domains:
            yield case.arrays[variable.name]


# --- sizes --------------------------------------------------------------------------------------


@every_row
def test_there_are_as_many_cases_as_asked_for_and_one_more(row: Contract) -> None:
    assert len(drawn(row)) == EXAMPLES + 1


@every_row
def test_sizes_go_from_one_to_the_largest(row: Contract) -> None:
    for symbol in row.symbols:
        assert {case.sizes[symbol] for case in cases(row)} == set(
            range(row.smallest.get(symbol, 1), row.largest + 1)
        )


@every_row
def test_sizes_are_sometimes_all_equal_and_mostly_not(row: Contract) -> None:
    """A wrong transpose passes unnoticed by shapes where they are, and must be caught by values."""
    equal = [case for case in cases(row) if len(set(case.sizes.values())) == 1]
    assert any(case.sizes[row.symbols[0]] > 1 for case in equal)
    if len(row.symbols) > 1:
        assert len(equal) < len(cases(row)) / 2


def test_equal_sizes_are_more_than_chance() -> None:
    """By chance alone it is 4 in 125 of Affine's cases."""
    row = ROWS["Affine"]
    drawn_sizes = [
        set(case.sizes.values()) for seed in range(4) for case, _ in draw_cases(row, seed, EXAMPLES)
    ]
    assert sum(len(sizes) == 1 and sizes != {1} for sizes in drawn_sizes) > 4 * EXAMPLES / 8


@every_row
def test_each_size_is_sometimes_one_while_others_are_not(row: Contract) -> None:
    for symbol in set(row.symbols) - set(row.smallest):
        others = [s for s in row.symbols if s != symbol]
        assert any(
            case.sizes[symbol] == 1 and all(case.sizes[s] > 1 for s in others)
            for case in cases(row)
        )


@every_row
def test_arrays_have_the_shapes_of_their_sizes(row: Contract) -> None:
    for case in cases(row):
        assert list(case.arrays) == [v.name for v in row.variables]
        for variable in row.variables:
            assert case.arrays[variable.name].shape == shape_of(variable.shape, case.sizes)
        if row.output and row.differentiates:
            assert case.dout is not None
            assert case.dout.shape == shape_of(row.output, case.sizes)
        else:
            assert case.dout is None


# --- values -------------------------------------------------------------------------------------


@every_row
def test_arrays_are_float64(row: Contract) -> None:
    for case in cases(row):
        assert {array.dtype for array in case.shown.values()} == {np.dtype(np.float64)}


@every_row
def test_no_number_is_zero(row: Contract) -> None:
    """A zero hides the other factor of a product, and is Relu's kink."""
    for case in cases(row):
        for array in arrays_of(row, case, Domain.REAL):
            assert np.all(array != 0)


@pytest.mark.parametrize(("domain", "bound"), [(Domain.REAL, 4), (Domain.LOGIT, 2)])
def test_numbers_have_both_signs_and_stay_moderate(domain: Domain, bound: float) -> None:
    found = [
        entry
        for row in CONTRACTS
        if row.promises.kinks is None  # away from which entries are moved
        for case in cases(row)[:-1]
        for array in arrays_of(row, case, domain)
        for entry in array.flat
    ]
    assert min(found) == -bound
    assert max(found) == bound


@every_row
def test_dout_never_is_one(row: Contract) -> None:
    """An upstream gradient of ones hides that it was dropped."""
    for case in cases(row):
        if case.dout is not None:
            assert np.all(case.dout != 1)
            assert np.all(case.dout != 0)


def is_short(row: Contract, case: Case) -> bool:
    """Whether the numbers are quarters (or 64ths, where moved away from a kink)."""
    unit = 1 / 4 if row.promises.kinks is None or row.promises.kink_at is not None else 1 / 64
    numbers = [*arrays_of(row, case, *NUMBERS)]
    numbers += [] if case.dout is None else [case.dout]
    shares = [*arrays_of(row, case, Domain.PROBABILITY)]
    tenths = [10 * a for a in arrays_of(row, case, Domain.CHANCE)]
    if not all(np.all(np.abs(a - np.round(a)) < 1e-9) for a in tenths):
        return False
    return all(np.all(a % unit == 0) for a in numbers) and all(
        np.all(np.abs(ratios - np.round(ratios)) < 1e-9)
        for a in shares
        for ratios in [840 * a / a.min(axis=-1, keepdims=True)]  # 840: a multiple of 1 to 8
    )


@every_row
def test_last_case_alone_is_irrational(row: Contract) -> None:
    short = [is_short(row, case) for case in cases(row)]
    assert all(short[:-1])
    assert not short[-1]


@every_row
def test_irrational_case_is_one_of_the_largest(row: Contract) -> None:
    assert cases(row)[-1].entries == max(case.entries for case in cases(row))


def test_numbers_vary_within_most_cases() -> None:
    """Equal numbers everywhere hide a wrong axis or a wrong transpose."""
    for row in CONTRACTS:
        arrays = [a for case in cases(row) for a in arrays_of(row, case, *DRAWN) if a.size > 3]
        assert np.mean([len(np.unique(a)) > 1 for a in arrays]) > 0.8, row.name


@every_row
def test_one_hot_rows_have_a_single_one(row: Contract) -> None:
    for case in cases(row):
        for array in arrays_of(row, case, Domain.ONE_HOT):
            assert set(np.unique(array)) <= {0.0, 1.0}
            assert np.all(array.sum(axis=-1) == 1)


@pytest.mark.parametrize("name", ["SoftmaxWithLoss", "cross_entropy_error", "TwoLayerNet"])
def test_every_class_is_sometimes_the_target(name: str) -> None:
    row = ROWS[name]
    targets = {int(k) for case in cases(row) for k in case.operands["t"].argmax(axis=-1)}
    assert targets == set(range(row.largest))


@every_row
def test_probabilities_are_positive_and_sum_to_one(row: Contract) -> None:
    for case in cases(row):
        for array in arrays_of(row, case, Domain.PROBABILITY):
            assert np.all(array > 0)
            np.testing.assert_allclose(array.sum(axis=-1), 1, rtol=1e-15)


@every_row
def test_cases_stay_away_from_kinks(row: Contract) -> None:
    if row.promises.kinks is not None:
        for case in cases(row):
            assert np.abs(row.promises.kinks(case.arrays)).min() >= KINK_MARGIN


@every_row
def test_a_material_always_gives_the_same_case(row: Contract) -> None:
    for irrational in (False, True):
        _, material = drawn(row)[10]
        one, other = (case_from(row, material, irrational=irrational) for _ in range(2))
        for name, array in one.shown.items():
            np.testing.assert_array_equal(array, other.shown[name])


# --- moved --------------------------------------------------------------------------------------


@every_row
@pytest.mark.parametrize("times", [1, 2, 3])
def test_moved_changes_numbers_and_nothing_else(row: Contract, times: int) -> None:
    for case in cases(row)[:20]:
        there = moved(row, case, times)
        for variable in row.variables:
            before, after = case.arrays[variable.name], there.arrays[variable.name]
            if variable.domain in NUMBERS:
                assert np.all((after > before) & (after - before <= 13 / 64))
            else:
                np.testing.assert_array_equal(after, before)
        if case.dout is not None:
            np.testing.assert_array_equal(there.dout, case.dout)


def test_moved_goes_elsewhere_each_time() -> None:
    row = ROWS["Affine"]
    case = cases(row)[-1]
    there = [moved(row, case, times).operands["x"] for times in range(1, 5)]
    for i, one in enumerate(there):
        for other in there[:i]:
            assert np.all(one != other)


def test_moved_does_not_move_rows_or_columns_alike() -> None:
    """A shift of a whole row would leave a softmax where it was."""
    row = ROWS["Affine"]
    case = next(c for c in cases(row) if min(c.sizes.values()) > 2)
    step = moved(row, case, 1).operands["x"] - case.operands["x"]
    assert len(np.unique(step[0])) > 1
    assert len(np.unique(step[:, 0])) > 1


# --- other kinds of input -----------------------------------------------------------------------


@every_variant
def test_variant_cases_have_the_variant_s_shapes(row: Contract, variant: Variant) -> None:
    for case in variant_cases(row, variant):
        assert list(case.operands) == [v.name for v in row.operands]
        for v in variant.contract.variables:
            assert case.arrays[v.name].shape == shape_of(v.shape, case.sizes)
        for symbol in variant.at_least_two:
            assert case.sizes[symbol] >= 2
        if variant.equal:
            assert case.sizes[variant.equal[0]] == case.sizes[variant.equal[1]]
        if variant.unequal:
            assert case.sizes[variant.unequal[0]] != case.sizes[variant.unequal[1]]


@every_variant
def test_axes_of_a_variant_alone_have_different_sizes(row: Contract, variant: Variant) -> None:
    further = [s for s in variant.contract.symbols if s not in row.symbols]
    cases = variant_cases(row, variant)
    for one, other in itertools.combinations(further, 2):
        assert any(case.sizes[one] != case.sizes[other] for case in cases)
    for symbol in further:  # as in a 2-D x for numerical_gradient: N and D
        assert any(len(set(case.sizes.values())) > 1 for case in cases), symbol


@every_variant
def test_labels_are_classes(row: Contract, variant: Variant) -> None:
    labels = [v for v in variant.contract.operands if v.domain is Domain.LABEL]
    found: set[int] = set()
    for case in variant_cases(row, variant):
        for variable in labels:
            array = case.operands[variable.name]
            assert array.dtype == np.int64
            assert array.min() >= 0
            assert array.max() < case.sizes["C"]
            found |= set(array.tolist())
    if labels:
        assert found >= {0, 1, 2, 3, 4}


def test_in_float32_leaves_labels_and_shapes() -> None:
    (variant,) = (v for v in ROWS["SoftmaxWithLoss"].readings.variants if v.name == "labels")
    case = variant_cases(ROWS["SoftmaxWithLoss"], variant)[-1]
    single = in_float32(case)
    assert single.operands["x"].dtype == np.float32
    assert single.operands["t"].dtype == np.int64
    np.testing.assert_allclose(single.operands["x"], case.operands["x"], rtol=1e-6)
    affine = in_float32(cases(ROWS["Affine"])[-1])
    assert {array.dtype for array in affine.shown.values()} == {np.dtype(np.float32)}


@pytest.mark.parametrize("row", [row for row in CONTRACTS if row.gradients], ids=lambda r: r.name)
def test_large_case_is_large_and_not_saturated(row: Contract) -> None:
    case = large_case(row, 0)
    assert max(array.size for array in case.arrays.values()) > ENTRY_BY_ENTRY
    assert case.sizes == {s: FEW_ROWS if s == "N" else LARGE for s in row.symbols}
    for array in case.parameters.values():
        if array.ndim == 2:  # a sum over its rows is as large as one of its terms
            assert np.linalg.norm(array, axis=0).max() < 21
