"""A program of an engine as a graph: what PyTorch computes for each value on the way, both ways."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from trigrad.contracts.schema import Array
from trigrad.programs.program import Program, Step
from trigrad.subject.drawn import Drawn, DrawnOperation

if TYPE_CHECKING:
    import torch


def followed(program: Program) -> Drawn:
    """The operations of a program, with all values and gradients.

    Of an output that is an array, the gradients are those of its sum.
    """
    return _Follower(program).drawn()


class _Follower:
    def __init__(self, program: Program) -> None:
        self._program = program
        self._tensors: dict[str, torch.Tensor] = {}
        self._numbers: dict[str, int] = {}
        self._values: dict[int, Array] = {}
        self._gradients: dict[int, Array] = {}
        self._arriving: dict[tuple[int, int], Array] = {}

    def drawn(self) -> Drawn:
        """Run it, and go back."""
        import torch

        program = self._program
        for name, leaf in program.leaves.items():
            self._made(name, torch.tensor(leaf, dtype=torch.float64, requires_grad=True))
        operations = [self._operation(at, step) for at, step in enumerate(program.steps)]
        torch.autograd.backward(self._tensors[program.output].sum())
        return Drawn(
            {name: self._numbers[name] for name in program.leaves},
            {program.output: self._numbers[program.output]},
            tuple(operations),
            {number: array.shape for number, array in self._values.items()},
            self._values,
            self._gradients,
            self._arriving,
        )

    def _operation(self, place: int, step: Step) -> DrawnOperation:
        """Run one step, on a view of each operand: there PyTorch leaves what comes back."""
        written = [step.operation.template.find(f"{{{at}}}") for at in range(len(step.operands))]
        number_at = step.operation.template.find("{n}") if step.number is not None else -1
        # The number stands among the operands where it is written.
        before = sum(0 <= position < number_at for position in written)
        inputs = [self._numbers[name] for name in step.operands]
        if step.number is not None:
            inputs.insert(before, self._new(np.asarray(float(step.number))))
        given = []
        for at, name in enumerate(step.operands):
            there = at + (step.number is not None and at >= before)
            view = self._tensors[name].view_as(self._tensors[name])
            self._keep(self._arriving, (place, there), view)
            given.append(view)
        numbers = [] if step.number is None else [step.number]
        result = step.operation.twin(*given, *numbers)
        return DrawnOperation(step.operation.name, tuple(inputs), (self._made(step.name, result),))

    def _made(self, name: str, tensor: torch.Tensor) -> int:
        self._tensors[name] = tensor
        number = self._numbers[name] = self._new(tensor.detach().numpy())
        self._keep(self._gradients, number, tensor)
        return number

    def _new(self, value: Array) -> int:
        number = len(self._values)
        self._values[number] = np.array(value, dtype=np.float64)
        return number

    def _keep(self, into: dict[Any, Array], key: Any, tensor: torch.Tensor) -> None:
        tensor.register_hook(  # type: ignore[no-untyped-call]
            lambda gradient: into.__setitem__(key, gradient.detach().numpy().copy())
        )
