"""Layers that work for one sample at a time: each sample of a batch has an object of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from trigrad.contracts.schema import Arrays, Contract
from trigrad.subject.dialects.adapters import Adapter
from trigrad.subject.dialects.conventions import Conventions, OneSample
from trigrad.subject.dialects.instance import Instance
from trigrad.subject.dialects.layer_caller import LayerCaller


@dataclass
class SampleObjects:
    """The objects for the samples of a batch, all with the same weights."""

    parameters: Arrays
    sizes: Mapping[str, int]
    instances: list[Instance]
    used: int = 1
    """How many of them the last forward has used."""
    stacked: bool = True
    """Whether its operands were a batch, not a single sample."""

    @property
    def overwritten(self) -> tuple[str, ...]:
        """The weights that the last calls changed."""
        return tuple(dict.fromkeys(n for i in self.instances for n in i.overwritten))

    @property
    def shared(self) -> tuple[tuple[str, str], ...]:
        """Gradients that share memory with a weight, each with that weight."""
        return tuple(dict.fromkeys(pair for i in self.instances for pair in i.shared))

    @property
    def misfits(self) -> dict[str, tuple[tuple[int, ...], tuple[int, ...]]]:
        """Gradients that no step can subtract: their shape, and the weight's."""
        return self.instances[0].misfits


class SampleCaller:
    """Shows a layer for one sample as one for batches.

    The outputs and the gradients of operands are stacked, those of the weights added up. An object
    keeps its number in the batch from call to call, so that it may remember too much.
    """

    def __init__(self, contract: Contract, adapter: Adapter, conventions: Conventions) -> None:
        self._one = LayerCaller(contract, adapter, conventions)
        self._has_axis = conventions.one_sample is not OneSample.VECTOR
        """Whether a sample has an axis for the batch, of length 1."""
        self._names = [v.name for v in contract.parameters]

    def make(self, parameters: Arrays, sizes: Mapping[str, int]) -> SampleObjects:
        """The first object; the others are made when a batch needs them."""
        return SampleObjects(parameters, sizes, [self._one.make(parameters, sizes)])

    def forward(self, instance: SampleObjects, operands: list[Any]) -> Any:
        """The outputs of all samples, in the contract's layout."""
        return self._of_all(self._one.forward, instance, operands)

    def output(self, instance: SampleObjects, operands: list[Any]) -> Any:
        """The same for arrays of whatever kind; what it does to the weights is not noted."""
        return self._of_all(self._one.output, instance, operands)

    def _of_all(
        self,
        output: Callable[[Instance, list[Any]], Any],
        instance: SampleObjects,
        operands: list[Any],
    ) -> Any:
        instance.stacked = np.ndim(operands[0]) > 1
        instance.used = len(operands[0]) if instance.stacked else 1
        while len(instance.instances) < instance.used:
            instance.instances.append(self._one.make(instance.parameters, instance.sizes))
        outputs = [
            output(instance.instances[i], [self._sample(instance, x, i) for x in operands])
            for i in range(instance.used)
        ]
        return self._together(instance, outputs)

    def backward(self, instance: SampleObjects, dout: Any) -> dict[str, Any]:
        """The gradients by the contract's names, in the contract's layout."""
        found = [
            self._one.backward(instance.instances[i], self._sample(instance, dout, i))
            for i in range(instance.used)
        ]
        return self._combined(instance, found)

    def stored(self, instance: SampleObjects) -> dict[str, Any]:
        """The gradients that the last backward left in the objects, in the contract's layout."""
        used = instance.instances[: instance.used]
        return self._combined(instance, [self._one.stored(each) for each in used])

    def rewrite(self, instance: SampleObjects, parameters: Arrays, choice: int) -> None:
        """Write other values into the weights of all objects, in place."""
        instance.parameters = parameters
        for each in instance.instances:
            self._one.rewrite(each, parameters, choice)

    def _combined(self, built: SampleObjects, found: list[dict[str, Any]]) -> dict[str, Any]:
        gradients = {}
        for name in found[0]:
            each: list[Any] = [g.get(name) for g in found]
            if name in self._names:
                gradients[name] = np.sum(each, axis=0) if _alike(each) else each[0]
            else:
                gradients[name] = self._together(built, each)
        return gradients

    def _sample(self, built: SampleObjects, value: Any, index: int) -> Any:
        if not built.stacked or not isinstance(value, np.ndarray):
            return value
        return value[index : index + 1] if self._has_axis else value[index]

    def _together(self, built: SampleObjects, values: list[Any]) -> Any:
        """The values of all samples as a batch; what is no array or has another shape, alone."""
        if not built.stacked or not _alike(values):
            return values[0]
        return np.concatenate(values) if self._has_axis else np.stack(values)


def _alike(values: list[Any]) -> bool:
    """Whether all of them are arrays of one shape."""
    return all(isinstance(v, np.ndarray) and v.shape == np.shape(values[0]) for v in values)
