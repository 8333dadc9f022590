"""A layer's cases, drawn by Hypothesis, and the search for the smallest case that still fails."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

import hypothesis
from hypothesis import HealthCheck, Phase
from hypothesis import configuration as hypothesis_configuration

from trigrad.cases.case import Case
from trigrad.cases.sampling import Material, case_from, materials
from trigrad.contracts.schema import Contract


def seed_for(seed: int, layer: str) -> int:
    """The seed of a layer's cases: the same whether the layer is judged alone or with others."""
    return int.from_bytes(hashlib.sha256(f"{seed}:{layer}".encode()).digest()[:8], "big")


@contextmanager
def hypothesis_home_elsewhere() -> Iterator[None]:
    """Keep Hypothesis from making a `.hypothesis` folder in the learner's folder, or elsewhere."""
    home = Path(os.devnull)  # no folder can be made in it, and Hypothesis goes on without one
    before = getattr(hypothesis_configuration, "__hypothesis_home_directory", None)
    hypothesis_configuration.set_hypothesis_home_dir(home)
    try:
        yield
    finally:
        hypothesis_configuration.set_hypothesis_home_dir(before)


def settings_for(examples: int, *phases: Phase) -> hypothesis.settings:
    """Hypothesis' settings for a search of so many examples in these phases."""
    return hypothesis.settings(
        hypothesis.settings.get_profile("default"),
        max_examples=examples,
        phases=phases,
        deadline=None,
        database=None,
        derandomize=False,  # the seed decides
        report_multiple_bugs=False,
        # They are about the speed of a test, and this is none.
        suppress_health_check=list(HealthCheck),
    )


@lru_cache(maxsize=64)
def draw_cases(contract: Contract, seed: int, examples: int) -> tuple[tuple[Case, Material], ...]:
    """The cases of a layer, each with the material it is made from; the last has irrational values.

    They are cached: a search for repairs judges many candidates on the same cases.
    """
    drawn: list[Material] = []

    @hypothesis.seed(seed)
    @settings_for(examples, Phase.generate)
    @hypothesis.given(materials(contract))
    def collect(material: Material) -> None:
        case_from(contract, material)  # rejects a case that cannot be moved away from a kink
        drawn.append(material)

    with hypothesis_home_elsewhere():
        collect()
    cases = ((case_from(contract, material), material) for material in drawn)
    # The one with the most numbers; Hypothesis's first draw is its simplest.
    largest = max(drawn, key=lambda m: len(m.buffer))
    return (*cases, (case_from(contract, largest, irrational=True), largest))


class EnoughError(BaseException):
    """Ends a search. A BaseException, since an Exception would be a failing test to Hypothesis."""


def smallest(
    contract: Contract,
    seed: int,
    fails: Callable[[Case], bool],
    start: Case,
    *,
    calls: int,
    make: Callable[[Material], Case],
) -> Case:
    """The smallest case that still fails, as far as Hypothesis's shrinker gets in `calls` calls.

    Returns `start` if nothing smaller is found: the case with irrational values may be the only
    one that fails.
    """
    best = start
    left = calls

    @hypothesis.seed(seed)
    @settings_for(calls, Phase.generate, Phase.shrink)
    @hypothesis.given(materials(contract))
    def search(material: Material) -> None:
        nonlocal best, left
        if left == 0:
            raise EnoughError
        left -= 1
        case = make(material)
        if fails(case):
            # Hypothesis orders cases by the bytes it drew, we by what a reader must calculate. Of
            # cases of one size, the later ones are simpler.
            if case.entries <= best.entries:
                best = case
            raise AssertionError

    # An AssertionError means that something was found, which is in `best`. Flaky means that the
    # layer is not deterministic.
    ends = (AssertionError, EnoughError, hypothesis.errors.Flaky)
    with hypothesis_home_elsewhere(), contextlib.suppress(*ends):
        search()
    return best
