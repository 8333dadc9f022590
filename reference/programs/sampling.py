"""Make a program of bytes: zeros make the simplest one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain, repeat
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from trigrad.contracts.schema import Array
from trigrad.programs.operation import Operation
from trigrad.programs.operations import small_enough
from trigrad.programs.program import NAMES, Program, Step

if TYPE_CHECKING:
    import torch

VALUES = (3.0, 2.0, 1.5, 0.5, 1.0, 0.75, 2.5, 1.25)
"""Short, so that a program can be done by hand; the first are the simplest to tell apart."""

SHAPES = ((3,), (2, 3), (2, 2), (3, 2))
MATRICES = tuple(shape for shape in SHAPES if len(shape) == 2)
WIDER = ((2, 3), (3,), (1, 3), (2, 1), ())
"""Shapes that NumPy broadcasts to each other."""

MOST_LEAVES = 3
AROUND = 2
"""The most steps before and after the operation that is looked at."""
WHOLE = 8
"""The most steps of a program that uses everything."""
BYTES = 48
"""What is missing is zeros."""

T = TypeVar("T")


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


class _Choices:
    """Reads bytes as choices."""

    def __init__(self, material: bytes) -> None:
        self._bytes = chain(material, repeat(0))

    def below(self, count: int) -> int:
        """A number below count."""
        return next(self._bytes) % count

    def one_of(self, things: Sequence[T]) -> T:
        """One of them; the first is the simplest."""
        return things[self.below(len(things))]


@dataclass
class _Draft:
    """A program that is being made, with its values in PyTorch."""

    kind: Kind
    choices: _Choices
    leaves: dict[str, Array]
    values: dict[str, torch.Tensor]
    free: list[str]
    """The names that may be used."""
    steps: list[Step] = field(default_factory=list)

    def add(self, operation: Operation, *, latest: bool) -> bool:
        """Add a step of this operation, of the latest value first if so; whether that goes."""
        free = list(self.free)
        operands: list[str] = []
        for place in range(operation.operands):
            first = latest and place == 0 and self.steps
            index = 0 if first else self.choices.below(len(free))
            operands.append(free[-1 - index])
            if not self.kind.shared and operands[-1] not in self.leaves:
                free.remove(operands[-1])
        if len(operands) == 2 and latest and self.choices.below(2):
            operands.reverse()
        number = self.choices.one_of(operation.numbers) if operation.numbers else None
        name = NAMES[len(self.leaves) + len(self.steps)]
        step = Step(name, operation, tuple(operands), number)
        if not self._is_defined(step):
            return False
        value = step.twin(self.values)
        if not small_enough(value):
            return False
        self.values[name] = value
        self.steps.append(step)
        self.free = [*free, name]
        return True

    def add_several(self, most: int, *, latest: bool) -> None:
        """Add some of the pool, as far as they go."""
        for _ in range(self.choices.below(most + 1)):
            self.add(self.choices.one_of(self.kind.pool), latest=latest)

    def _is_defined(self, step: Step) -> bool:
        given = [self.values[name] for name in step.operands]
        number = [] if step.number is None else [step.number]
        if not step.operation.domain(*given, *number):
            return False
        if len(given) < 2 or step.operation.name == "matmul":
            return True
        one, other = (tuple(each.shape) for each in given)
        return one == other or (self.kind.broadcast and _fit(one, other))


def program_from(kind: Kind, material: bytes) -> Program | None:
    """The program of that kind that these bytes make; None where they make none."""
    import torch

    choices = _Choices(material)
    leaves = _leaves(choices, kind)
    values = {name: torch.tensor(leaf, dtype=torch.float64) for name, leaf in leaves.items()}
    draft = _Draft(kind, choices, leaves, values, list(leaves))
    if kind.must is None:
        draft.add_several(WHOLE, latest=not choices.below(2))
    else:
        draft.add_several(AROUND, latest=False)
        if not draft.add(kind.must, latest=False):
            return None
        draft.add_several(AROUND, latest=True)
    if not draft.steps:
        return None
    ends = kind.ends_with
    an_array = draft.values[draft.steps[-1].name].ndim > 0
    if ends is not None and an_array and not draft.add(ends, latest=True):
        return None
    return Program(leaves, tuple(draft.steps), kind.scalar).needed()


def _fit(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    try:
        np.broadcast_shapes(one, other)
    except ValueError:
        return False
    return True


def _leaves(choices: _Choices, kind: Kind) -> dict[str, Array]:
    count = 1 + choices.below(MOST_LEAVES)
    shapes = WIDER if kind.broadcast else kind.shapes
    if kind.must is not None and kind.must.name == "matmul":
        shapes = tuple(s for s in shapes if len(s) == 2) or shapes
        return {name: _leaf(choices, choices.one_of(shapes)) for name in NAMES[:count]}
    shape = () if kind.scalar else choices.one_of(shapes)
    leaves: dict[str, Array] = {}
    for name in NAMES[:count]:
        leaves[name] = _leaf(choices, choices.one_of(shapes) if kind.broadcast else shape)
    return leaves


def _leaf(choices: _Choices, shape: tuple[int, ...]) -> Array:
    size = int(np.prod(shape))
    sign = choices.one_of((0, 0, 1, 2))
    entries = [choices.one_of(VALUES) for _ in range(size)]
    signs = [-1.0 if sign == 1 or (sign == 2 and i % 2 == 0) else 1.0 for i in range(size)]
    return np.array([s * e for s, e in zip(signs, entries, strict=True)]).reshape(shape)
