"""Draw programs with Hypothesis, and search for the smallest one that still fails."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import hypothesis
import hypothesis.strategies as st
import numpy as np
from hypothesis import Phase

from trigrad.cases.drawing import EnoughError, hypothesis_home_elsewhere, settings_for
from trigrad.contracts.schema import Array
from trigrad.programs.operation import Operation
from trigrad.programs.operations import small_enough
from trigrad.programs.program import NAMES, Program, Step

if TYPE_CHECKING:
    import torch

VALUES = (3.0, 2.0, 1.5, 0.5, 1.0, 0.75, 2.5, 1.25)
"""Short, so that a program can be done by hand; the first are the simplest to tell apart."""

SHAPES = ((3,), (2, 3), (2, 2), (3, 2))
WIDER = ((2, 3), (3,), (1, 3), (2, 1), ())
"""Shapes that NumPy broadcasts to each other."""

MOST_LEAVES = 3
BEFORE = 2
AFTER = 2
WHOLE = 8
"""The most steps of a program that uses everything."""


@dataclass(frozen=True)
class Kind:
    """What kind of programs are drawn."""

    pool: tuple[Operation, ...]
    """The operations that they may use."""
    must: Operation | None = None
    """The one that each of them uses."""
    shared: bool = False
    """Whether a computed value may be used more than once; leaves always may."""
    scalar: bool = True
    shapes: tuple[tuple[int, ...], ...] = SHAPES
    broadcast: bool = False
    """Whether operands may have different shapes."""
    ends_with: Operation | None = None
    """What makes a single number of an array at the end; None where that is not needed."""


@st.composite
def programs(draw: st.DrawFn, kind: Kind) -> Program:
    """One program of that kind."""
    import torch

    leaves = _leaves(draw, kind)
    values = {name: torch.tensor(leaf, dtype=torch.float64) for name, leaf in leaves.items()}
    free = list(leaves)
    steps: list[Step] = []

    def add(operation: Operation, *, latest: bool) -> bool:
        chosen = list(free)
        operands: list[str] = []
        for place in range(operation.operands):
            last = latest and place == 0 and steps
            index = 0 if last else draw(st.integers(0, len(chosen) - 1))
            operands.append(chosen[-1 - index])
            if not kind.shared and operands[-1] not in leaves:
                chosen.remove(operands[-1])
        number = draw(st.sampled_from(operation.numbers)) if operation.numbers else None
        step = Step(NAMES[len(leaves) + len(steps)], operation, tuple(operands), number)
        if not _is_defined(step, values, broadcast=kind.broadcast):
            return False
        values[step.name] = step.twin(values)
        if not small_enough(values[step.name]):
            del values[step.name]
            return False
        steps.append(step)
        free[:] = [*chosen, step.name]
        return True

    def several(most: int, *, latest: bool) -> None:
        for _ in range(draw(st.integers(0, most))):
            add(kind.pool[draw(st.integers(0, len(kind.pool) - 1))], latest=latest)

    if kind.must is None:
        several(WHOLE, latest=draw(st.booleans()))
    else:
        several(BEFORE, latest=False)
        hypothesis.assume(add(kind.must, latest=False))
        several(AFTER, latest=True)
    hypothesis.assume(steps)
    if kind.ends_with is not None and values[steps[-1].name].ndim:
        hypothesis.assume(add(kind.ends_with, latest=True))
    return Program(leaves, tuple(steps), kind.scalar).needed()


def _is_defined(step: Step, values: Mapping[str, torch.Tensor], *, broadcast: bool) -> bool:
    given = [values[name] for name in step.operands]
    number = [] if step.number is None else [step.number]
    if not step.operation.domain(*given, *number):
        return False
    if len(given) < 2 or step.operation.name == "matmul":
        return True
    one, other = (tuple(each.shape) for each in given)
    return one == other or (broadcast and _fit(one, other))


def _fit(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    try:
        np.broadcast_shapes(one, other)
    except ValueError:
        return False
    return True


def _leaves(draw: st.DrawFn, kind: Kind) -> dict[str, Array]:
    count = draw(st.integers(1, MOST_LEAVES))
    shapes = kind.shapes if not kind.broadcast else WIDER
    shape = () if kind.scalar else draw(st.sampled_from(shapes))
    leaves: dict[str, Array] = {}
    for name in NAMES[:count]:
        here = draw(st.sampled_from(shapes)) if kind.broadcast else shape
        if kind.must is not None and kind.must.name == "matmul":
            here = draw(st.sampled_from([s for s in shapes if len(s) == 2] or shapes))
        leaves[name] = _leaf(draw, here)
    return leaves


def _leaf(draw: st.DrawFn, shape: tuple[int, ...]) -> Array:
    size = int(np.prod(shape))
    entries = draw(st.lists(st.sampled_from(VALUES), min_size=size, max_size=size))
    negative = draw(st.sampled_from((0, 0, 1, 2)))
    signs = [1.0 if not negative or (negative == 2 and i % 2) else -1.0 for i in range(size)]
    return np.array([s * e for s, e in zip(signs, entries, strict=True)]).reshape(shape)


def drawn(kind: Kind, seed: int, examples: int) -> list[Program]:
    """As many programs of a kind, fewer where few can be drawn."""
    found: list[Program] = []

    @hypothesis.seed(seed)
    @settings_for(examples, Phase.generate)
    @hypothesis.given(programs(kind))
    def collect(program: Program) -> None:
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

    @hypothesis.seed(seed)
    @settings_for(calls, Phase.generate, Phase.shrink)
    @hypothesis.given(st.one_of([programs(kind) for kind in kinds]))
    def search(program: Program) -> None:
        nonlocal best, left
        if left == 0:
            raise EnoughError
        left -= 1
        if fails(program):
            if program.size <= best.size:
                best = program
            raise AssertionError

    ends = (AssertionError, EnoughError, hypothesis.errors.Flaky, hypothesis.errors.Unsatisfiable)
    with hypothesis_home_elsewhere(), contextlib.suppress(*ends):
        search()
    return best
