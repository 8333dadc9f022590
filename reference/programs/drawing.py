"""Draw programs with Hypothesis, and search for the smallest one that still fails."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence

import hypothesis
import hypothesis.strategies as st
from hypothesis import Phase

from trigrad.cases.drawing import EnoughError, hypothesis_home_elsewhere, settings_for
from trigrad.programs.program import Program
from trigrad.programs.sampling import BYTES, Kind, program_from

TRIES = 400
"""Bytes that a search for a smaller program tries at most: many make the same program."""

_MATERIAL = st.binary(min_size=BYTES, max_size=BYTES)
"""One draw for a whole program: a hundred small ones would take longer than all else."""


def drawn(kind: Kind, seed: int, examples: int) -> list[Program]:
    """As many programs of a kind, fewer where few can be drawn."""
    found: list[Program] = []

    @hypothesis.seed(seed)
    @settings_for(examples, Phase.generate)
    @hypothesis.given(_MATERIAL)
    def collect(material: bytes) -> None:
        program = program_from(kind, material)
        hypothesis.assume(program is not None)
        if program is not None:
            found.append(program)

    with hypothesis_home_elsewhere(), contextlib.suppress(hypothesis.errors.Unsatisfiable):
        collect()
    return found


def smallest(
    kinds: Sequence[Kind],
    seed: int,
    fails: Callable[[Program], bool],
    start: Program,
    calls: int,
) -> Program:
    """The smallest program that still fails, as far as Hypothesis' shrinker gets in `calls`."""
    best = start
    left = calls
    known: dict[str, bool] = {}

    @hypothesis.seed(seed)
    @settings_for(TRIES, Phase.generate, Phase.shrink)
    @hypothesis.given(st.sampled_from(kinds), _MATERIAL)
    def search(kind: Kind, material: bytes) -> None:
        nonlocal best, left
        program = program_from(kind, material)
        if program is None:
            return
        text = program.text
        if text not in known:
            if left == 0:
                raise EnoughError
            left -= 1
            known[text] = fails(program)
            if known[text] and program.size <= best.size:
                best = program
        if known[text]:
            raise AssertionError

    # An AssertionError means that something was found, which is in `best`. Flaky means that the
    # engine is not deterministic.
    ends = (AssertionError, EnoughError, hypothesis.errors.Flaky, hypothesis.errors.Unsatisfiable)
    with hypothesis_home_elsewhere(), contextlib.suppress(*ends):
        search()
    return best
