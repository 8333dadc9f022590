"""A program: a few leaves, and steps that compute the next value from those before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from trigrad.contracts.schema import Array
from trigrad.programs.operation import Number, Operation

if TYPE_CHECKING:
    import torch

NAMES = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Step:
    """One line of a program: `c = a * b`."""

    name: str
    operation: Operation
    operands: tuple[str, ...]
    number: Number | None = None

    @property
    def expression(self) -> str:
        """The right side of the line."""
        return self.operation.written(*self.operands, number=self.number)

    def twin(self, values: Mapping[str, torch.Tensor]) -> torch.Tensor:
        """Its value in PyTorch."""
        given = [values[name] for name in self.operands]
        return self.operation.twin(*given, *([] if self.number is None else [self.number]))


@dataclass(frozen=True, eq=False)
class Program:
    """Leaves (float64 arrays, of shape () for scalars), and steps; the last one is the output."""

    leaves: Mapping[str, Array]
    steps: tuple[Step, ...]
    scalar: bool = field(default=True)
    """Whether its leaves are passed as plain numbers, not as arrays."""

    @property
    def output(self) -> str:
        """The name of its last value."""
        return self.steps[-1].name

    @cached_property
    def size(self) -> tuple[int, int, int]:
        """What a reader has to follow: steps, numbers, leaves."""
        entries = sum(leaf.size for leaf in self.leaves.values())
        return len(self.steps), entries, len(self.leaves)

    @property
    def text(self) -> str:
        """The same for the same program."""
        return "; ".join(self.lines("", "", ""))

    @property
    def shares(self) -> bool:
        """Whether a computed value is used more than once."""
        used = [name for step in self.steps for name in step.operands]
        return any(used.count(step.name) > 1 for step in self.steps)

    @property
    def reuses(self) -> bool:
        """Whether a value, or a leaf, is used more than once."""
        used = [name for step in self.steps for name in step.operands]
        return len(set(used)) < len(used)

    @property
    def broadcasts(self) -> bool:
        """Whether its leaves have several shapes."""
        return len({leaf.shape for leaf in self.leaves.values()}) > 1

    def uses(self, operation: Operation) -> bool:
        """Whether one of its steps is this operation."""
        return any(step.operation is operation for step in self.steps)

    def needed(self) -> Program:
        """Without what its output does not depend on."""
        wanted = {self.output}
        steps: list[Step] = []
        for step in reversed(self.steps):
            if step.name in wanted:
                wanted |= set(step.operands)
                steps.insert(0, step)
        return self.renamed({n: v for n, v in self.leaves.items() if n in wanted}, steps)

    def renamed(self, leaves: Mapping[str, Array], steps: Sequence[Step]) -> Program:
        """A program of these leaves and steps, with the names a, b, c… in their order."""
        new = dict(zip([*leaves, *(step.name for step in steps)], NAMES, strict=False))
        return Program(
            {new[name]: leaf for name, leaf in leaves.items()},
            tuple(
                Step(new[s.name], s.operation, tuple(new[o] for o in s.operands), s.number)
                for s in steps
            ),
            self.scalar,
        )

    def lines(self, engine: str, further: str, backward: str) -> Iterator[str]:
        """The program as a reader can run it; `further` are arguments of the constructor."""
        for name, leaf in self.leaves.items():
            yield f"{name} = {engine}({written(leaf, scalar=self.scalar)}{further})"
        for step in self.steps:
            yield f"{step.name} = {step.expression}"
        yield f"{self.output}.{backward}"


def written(leaf: Array, *, scalar: bool) -> str:
    """A leaf as Python: `3.0`, or `np.array([1.0, 2.0])`."""
    text = repr(leaf.tolist())
    return text if scalar else f"np.array({text})"


def number_of(leaf: Array) -> float:
    """A scalar leaf."""
    return float(np.asarray(leaf).reshape(()))
