"""Trial calls of a layer's passes, by which its conventions are discovered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from trigrad.contracts.schema import Array, Contract, shape_of
from trigrad.subject.dialects.adapters import Adapter
from trigrad.subject.dialects.array_paths import ArrayPath, arrays_in
from trigrad.subject.dialects.conventions import Conventions
from trigrad.subject.dialects.instance import Instance
from trigrad.subject.dialects.layer_caller import LayerCaller
from trigrad.subject.dialects.weight_snapshot import WeightSnapshot

SIZES = (4, 2, 3, 5, 6, 7)
"""All different, so that the axes of an array can be told by their sizes."""

ERRORS = (Exception, SystemExit)
"""What a learner's code may raise; ignored, since the claims raise and report it again."""


class NonRestoringCaller(LayerCaller):
    """A caller that does not undo what backward does to the weights, so that it can be examined."""

    def _restore(self, instance: Instance, snapshot: WeightSnapshot) -> None:
        instance.overwritten = snapshot.changed()
        self._before = snapshot

    def subtracted(self, name: str) -> Array | None:
        """What backward subtracted from a parameter; None if it did not change it."""
        difference = self._before.subtracted(name)
        return difference if difference is not None and difference.any() else None


@dataclass(frozen=True)
class BackwardRun:
    """An object after a run of forward and backward, and the results."""

    caller: NonRestoringCaller
    instance: Instance
    output: Any
    gradients: dict[str, Any]
    before: dict[ArrayPath, tuple[int, Array]]
    """The arrays that the object held before backward: their ids and copies."""


class Experiments:
    """Creates objects under assumed conventions, with sizes that are all different."""

    def __init__(self, contract: Contract, adapter: Adapter) -> None:
        self.contract = contract
        self.adapter = adapter
        self.sizes = dict(zip(contract.symbols, SIZES, strict=False))
        random = np.random.RandomState(20)
        self.parameters = {
            v.name: random.randn(*shape_of(v.shape, self.sizes)) for v in contract.parameters
        }
        self.operands = [random.randn(*shape_of(v.shape, self.sizes)) for v in contract.operands]
        self.dout = random.randn(*shape_of(contract.output, self.sizes))

    def make(self, conventions: Conventions) -> tuple[LayerCaller, Instance]:
        """An object with random weights."""
        caller = LayerCaller(self.contract, self.adapter, conventions)
        parameters = {n: a.copy() for n, a in self.parameters.items()}
        return caller, caller.make(parameters, self.sizes)

    def forward(self, conventions: Conventions) -> tuple[LayerCaller, Instance, Any] | None:
        """An object after forward; None if that raises or its output has another shape."""
        try:
            caller, instance = self.make(conventions)
            output = caller.forward(instance, [x.copy() for x in self.operands])
        except ERRORS:
            return None
        due = shape_of(self.contract.output, self.sizes)
        return (caller, instance, output) if value_shape(output) == due else None

    def run(self, conventions: Conventions, factor: float = 1.0) -> BackwardRun | None:
        """An object after forward and backward, with `factor` times dout; None if a pass raises."""
        after_forward = self.forward(conventions)
        if after_forward is None:
            return None
        _, instance, output = after_forward
        before = {path: (id(a), a.copy()) for path, a in arrays_in(instance.subject)}
        caller = NonRestoringCaller(self.contract, self.adapter, conventions)
        try:
            gradients = caller.backward(instance, factor * self.dout)
        except ERRORS:
            return None
        return BackwardRun(caller, instance, output, gradients, before)

    def doubled(self) -> Experiments:
        """The same experiments with every sample twice."""
        twice = Experiments(self.contract, self.adapter)
        twice.sizes = {**self.sizes, "N": 2 * self.sizes["N"]}
        twice.operands = [np.concatenate([x, x]) for x in self.operands]
        twice.dout = np.concatenate([self.dout, self.dout])
        return twice


def value_shape(value: Any) -> tuple[int, ...] | None:
    """The shape of an array or number; None for anything else."""
    if isinstance(value, np.ndarray):
        return tuple(map(int, value.shape))
    return () if isinstance(value, int | float | np.number) else None
