"""Steps that a backward pass takes at once: `self.W -= lr * dW` keeps no gradient."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from trigrad.contracts.schema import Array
from trigrad.subject.dialects.array_paths import ArrayPath, arrays_in
from trigrad.subject.dialects.held_weights import DEPTH, way


@dataclass(frozen=True)
class HeldWeight:
    """A weight of an object: where it is, the array itself, and a copy of its values."""

    name: str
    path: ArrayPath
    array: Array
    values: Array


def weights_of(layer: Any, parameters: Mapping[str, Any]) -> list[HeldWeight]:
    """The weights of a case that an object holds, wherever it has put them."""
    found = []
    for path, array in arrays_in(layer, depth=DEPTH):
        for name, given in parameters.items():
            if array is given or (
                isinstance(given, np.ndarray)
                and array.shape == given.shape
                and array.dtype.kind == "f"
                and np.array_equal(array, given)
                and np.any(given)
                and (path.name.lower() == name.lower() or way(path) == name)
            ):
                found.append(HeldWeight(name, path, array, array.copy()))
    return found


def steps_back(layer: Any, kept: Sequence[HeldWeight]) -> dict[str, Array]:
    """What has been taken off each weight since then; the weights are put back.

    With a learning rate of 1 that is the gradient. A weight that has not moved is left out.
    """
    steps: dict[str, Array] = {}
    for held in kept:
        now = held.path.read(layer)
        if not isinstance(now, np.ndarray) or now.shape != held.values.shape:
            continue
        if now is held.array and np.array_equal(now, held.values):
            continue
        step = held.values - now
        if np.any(step):
            steps[held.name] = step
            if now is not held.array:
                held.path.put(layer, held.array)
            if held.array.flags.writeable:
                held.array[...] = held.values
    return steps
