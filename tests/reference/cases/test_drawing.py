"""Hypothesis at work: repeatable draws, small counterexamples, nothing left behind."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import hypothesis
import numpy as np
import pytest

from trigrad import check
from trigrad.cases.case import Case
from trigrad.cases.drawing import draw_cases, seed_for, smallest
from trigrad.cases.sampling import case_from
from trigrad.contracts.registry import CONTRACTS
from trigrad.contracts.schema import Array, Contract

ROWS = {row.name: row for row in CONTRACTS}
AFFINE = ROWS["Affine"]

every_row = pytest.mark.parametrize("row", CONTRACTS, ids=lambda row: row.name)


def drawn(row: Contract, seed: int = 0, examples: int = 10) -> list[Case]:
    return [case for case, _ in draw_cases(row, seed, examples)]


def same(one: list[Case], other: list[Case]) -> bool:
    return len(one) == len(other) and all(
        a.sizes == b.sizes and all(np.array_equal(a.shown[name], b.shown[name]) for name in a.shown)
        for a, b in zip(one, other, strict=True)
    )


@every_row
def test_same_seed_same_cases(row: Contract) -> None:
    first = drawn(row)
    random.random()
    np.random.random()
    assert same(first, drawn(row))


@every_row
def test_other_seed_other_cases(row: Contract) -> None:
    assert not same(drawn(row, 0), drawn(row, 1))


@pytest.fixture
def odd_profile() -> Iterator[None]:
    before = hypothesis.settings.get_current_profile_name()
    hypothesis.settings.register_profile(
        "odd",
        max_examples=3,
        derandomize=True,
        phases=[hypothesis.Phase.explicit],
        verbosity=hypothesis.Verbosity.debug,
    )
    hypothesis.settings.load_profile("odd")
    yield
    hypothesis.settings.load_profile(before)


def test_cases_do_not_depend_on_the_profile_of_a_test_suite(
    odd_profile: None,  # noqa: ARG001
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert hypothesis.settings().max_examples == 3
    cases = drawn(AFFINE)
    assert len(cases) == 11
    assert not capsys.readouterr().out
    hypothesis.settings.load_profile("default")
    assert same(cases, drawn(AFFINE))


def test_seed_is_made_of_seed_and_layer() -> None:
    seeds = {seed_for(seed, row.name) for seed in range(20) for row in CONTRACTS}
    assert len(seeds) == 20 * len(CONTRACTS)
    assert seed_for(0, "Affine") == seed_for(0, "Affine") == 4338935279662663923


@every_row
def test_a_single_example_can_be_drawn_with_any_seed(row: Contract) -> None:
    for seed in range(5):
        assert len(drawn(row, seed, examples=1)) == 2


def search(
    row: Contract, fails: Callable[[Case], bool], *, calls: int = 100, irrational: bool = False
) -> Case:
    start = max(drawn(row, examples=25), key=lambda case: case.entries)
    make = partial(case_from, row, irrational=irrational)
    return smallest(row, 0, fails, start, calls=calls, make=make)


@every_row
def test_smallest_case_of_a_mistake_everywhere_is_a_single_entry(row: Contract) -> None:
    case = search(row, lambda _: True)
    assert case.sizes == {symbol: row.smallest.get(symbol, 1) for symbol in row.symbols}


def test_smallest_case_still_fails() -> None:
    case = search(AFFINE, lambda case: case.sizes["N"] > 1 and bool(np.any(case.operands["x"] < 0)))
    assert case.sizes["N"] > 1
    assert case.operands["x"].min() < 0
    assert case.entries <= 16


def test_smallest_case_has_the_simplest_numbers() -> None:
    case = search(ROWS["Sigmoid"], lambda _: True)
    assert case.operands["x"].item() in (1, 2, -1, 3, -2)


@pytest.mark.parametrize("irrational", [False, True])
def test_smallest_case_is_made_the_way_it_was_drawn(irrational: bool) -> None:
    case = search(AFFINE, lambda _: True, irrational=irrational)
    assert bool(case.operands["x"].item() * 4 % 1) is irrational


def test_start_is_kept_where_nothing_smaller_fails() -> None:
    start = drawn(AFFINE)[3]
    make = partial(case_from, AFFINE)
    assert smallest(AFFINE, 0, lambda _: False, start, calls=20, make=make) is start


def test_larger_case_never_replaces_the_start() -> None:
    start = min(drawn(AFFINE, examples=25), key=lambda case: case.entries)
    make = partial(case_from, AFFINE)
    found = smallest(
        AFFINE, 0, lambda case: case.entries > start.entries, start, calls=50, make=make
    )
    assert found is start


@pytest.mark.parametrize("calls", [1, 7, 40])
@pytest.mark.parametrize("answer", ["always", "never", "sometimes"])
def test_search_keeps_to_its_calls(calls: int, answer: str) -> None:
    asked = 0

    def fails(case: Case) -> bool:
        nonlocal asked
        asked += 1
        return answer == "always" or (answer == "sometimes" and case.sizes["N"] > 2)

    search(AFFINE, fails, calls=calls)
    assert 0 < asked <= calls


class Wrong:
    """Is wrong, so that its trial has something to make small."""

    def forward(self, x: Array, y: Array) -> Array:
        self.x, self.y = x, y
        return x * y

    def backward(self, dout: Array) -> tuple[Array, Array]:
        return dout + self.y, dout + self.x


def test_nothing_is_left_in_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert not check(Wrong, contract="MulLayer", examples=5).ok
    assert not list(tmp_path.iterdir())


def test_hypothesis_gets_its_home_back() -> None:
    from hypothesis import configuration

    before = configuration.storage_directory().path
    drawn(AFFINE, examples=2)
    assert configuration.storage_directory().path == before


def test_own_random_numbers_go_on_undisturbed() -> None:
    random.seed(7)
    due = [random.random() for _ in range(3)]
    random.seed(7)
    found = [random.random()]
    drawn(AFFINE)
    found.append(random.random())
    search(AFFINE, lambda _: True, calls=10)
    found.append(random.random())
    assert found == due
