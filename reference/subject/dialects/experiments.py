"""Trial calls of a layer's passes, by which its conventions are discovered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from trigrad.contracts.schema import Array, Contract, Domain, Variable, shape_of
from trigrad.subject.dialects.adapters import Adapter
from trigrad.subject.dialects.array_paths import ArrayPath, arrays_in
from trigrad.subject.dialects.conventions import Conventions, OneSample
from trigrad.subject.dialects.instance import Instance
from trigrad.subject.dialects.layer_caller import LayerCaller
from trigrad.subject.dialects.optimiser_calls import optimisers_in
from trigrad.subject.dialects.returned_parts import (
    Assignment,
    Shape,
    assigned,
    output_index,
    parts_of,
    value_shape,
)
from trigrad.subject.dialects.weight_snapshot import WeightSnapshot

SIZES = (4, 2, 3, 5, 6, 7)
"""All different, so that the axes of an array can be told by their sizes."""

ERRORS = (Exception, SystemExit)
"""What a learner's code may raise; ignored, since the claims raise and report it again."""


class TrialCaller(LayerCaller):
    """A caller that reads what a pass returns by shapes, and keeps what it has read.

    It does not undo what backward does to the weights, so that this can be examined, unless
    `restores` is set.
    """

    restores = False

    raw: Any = None
    """What the last backward returned."""
    index: int | None = None
    """Which entry of what the last forward returned is the output."""
    reading: Assignment = Assignment({}, {})
    """Where the gradients are in what the last backward returned."""

    def __init__(
        self, contract: Contract, adapter: Adapter, conventions: Conventions, output: Shape
    ) -> None:
        super().__init__(contract, adapter, conventions)
        self._due = output
        """The shape of the output in the subject's layout."""

    def _output_index(self, returned: Any) -> int | None:
        self.index = output_index(returned, self._due)
        return super()._output_index(returned) if self.index is None else self.index

    def _returned(self, instance: Instance, returned: Any) -> dict[str, Any]:
        self.raw = returned
        usual = super()._returned(instance, returned)
        due = {n: value_shape(x) or () for n, x in instance.operands.items()}
        due |= {n: self.own_shape(instance, n) for n in self._names}
        due = {n: due[n] for n in self._contract.gradients}
        if all(n in usual and value_shape(usual[n]) == shape for n, shape in due.items()):
            return usual
        if value_shape(returned) is not None:
            return usual
        reading = assigned(parts_of(returned), due)
        found = {name: path.read(returned) for name, path in reading.paths.items()}
        # The usual order stands unless another one gives more gradients of the right shape.
        if reading.doubtful or _fitting(found, due) > _fitting(usual, due):
            self.reading = reading
        if self.reading.doubtful or not self.reading.paths:
            return usual
        return found

    def _optimisers(self, instance: Instance) -> list[Any]:
        return [optimiser for _, optimiser in optimisers_in(instance.subject)]

    def _restore(self, instance: Instance, snapshot: WeightSnapshot) -> None:
        if self.restores:
            super()._restore(instance, snapshot)
        instance.overwritten = snapshot.changed()
        self._before = snapshot

    def subtracted(self, name: str) -> Array | None:
        """What backward subtracted from a parameter; None if it did not change it."""
        difference = self._before.subtracted(name)
        return difference if difference is not None and difference.any() else None


@dataclass(frozen=True)
class BackwardRun:
    """An object after a run of forward and backward, and the results."""

    caller: TrialCaller
    instance: Instance
    output: Any
    gradients: dict[str, Any]
    caches: tuple[Any, ...]
    """What forward returned beside its output."""
    before: dict[ArrayPath, tuple[int, Array]]
    """The arrays that the object held before backward: their ids and copies."""


class Experiments:
    """Creates objects under assumed conventions, with sizes that are all different."""

    def __init__(
        self, contract: Contract, adapter: Adapter, sizes: Mapping[str, int] | None = None
    ) -> None:
        self.contract = contract
        self.adapter = adapter
        self.sizes = sizes or dict(zip(contract.symbols, SIZES, strict=False))
        random = np.random.RandomState(20)
        self.parameters = {
            v.name: random.randn(*shape_of(v.shape, self.sizes)) for v in contract.parameters
        }
        self.operands = [
            _drawn(v, shape_of(v.shape, self.sizes), random) for v in contract.operands
        ]
        self.dout = None if contract.scalar else random.randn(*self.due)

    @property
    def due(self) -> Shape:
        """The shape of the output, in the contract's layout."""
        return shape_of(self.contract.axes, self.sizes)

    def caller(self, conventions: Conventions) -> TrialCaller:
        """A caller under these conventions."""
        due = self.due[::-1] if conventions.layout.features_first else self.due
        return TrialCaller(self.contract, self.adapter, conventions, due)

    def make(self, conventions: Conventions) -> tuple[TrialCaller, Instance]:
        """An object with random weights."""
        caller = self.caller(conventions)
        parameters = {n: a.copy() for n, a in self.parameters.items()}
        return caller, caller.make(parameters, self.sizes)

    def forward(self, conventions: Conventions) -> tuple[TrialCaller, Instance, Any] | None:
        """An object after forward; None if that raises or its output has another shape."""
        try:
            caller, instance = self.make(conventions)
            output = caller.forward(instance, [x.copy() for x in self.operands])
        except ERRORS:
            return None
        fits = value_shape(output) == self.due or (self.contract.scalar and np.size(output) == 1)
        return (caller, instance, output) if fits else None

    def run(self, conventions: Conventions, factor: float = 1.0) -> BackwardRun | None:
        """An object after forward and backward, with `factor` times dout; None if a pass raises."""
        after_forward = self.forward(conventions)
        if after_forward is None:
            return None
        caller, instance, output = after_forward
        before = {path: (id(a), a.copy()) for path, a in arrays_in(instance.subject)}
        try:
            dout = None if self.dout is None else factor * self.dout
            gradients = caller.backward(instance, dout)
        except ERRORS:
            return None
        return BackwardRun(caller, instance, output, gradients, instance.caches, before)

    def of_one_sample(self, how: OneSample) -> Experiments:
        """The same experiments with a single sample, as a batch of one or without that axis."""
        contract = self.contract
        if how is OneSample.VECTOR:
            operands = tuple(replace(v, shape=v.shape[1:]) for v in contract.operands)
            contract = replace(contract, operands=operands, output=contract.axes[1:])
        one = Experiments(contract, self.adapter, {**self.sizes, "N": 1})
        one.parameters = self.parameters
        return one

    def doubled(self) -> Experiments:
        """The same experiments with every sample twice."""
        twice = Experiments(self.contract, self.adapter)
        twice.sizes = {**self.sizes, "N": 2 * self.sizes["N"]}
        twice.operands = [np.concatenate([x, x]) for x in self.operands]
        twice.dout = None if self.dout is None else np.concatenate([self.dout, self.dout])
        return twice


def _fitting(found: Mapping[str, Any], due: Mapping[str, Shape]) -> int:
    """How many of the values have the shape that is due."""
    return sum(value_shape(found.get(name)) == shape for name, shape in due.items())


def _drawn(variable: Variable, shape: Shape, random: np.random.RandomState) -> Array:
    """Random values of a variable's domain."""
    if variable.domain is Domain.ONE_HOT:
        return np.eye(shape[-1])[np.arange(shape[0]) % shape[-1]]
    if variable.domain is Domain.LABEL:
        return np.arange(int(np.prod(shape))).reshape(shape) % min(SIZES)
    return random.randn(*shape)
