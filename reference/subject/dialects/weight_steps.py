"""Steps that a backward pass takes at once: `self.W -= lr * dW` keeps no gradient."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from trigrad.contracts.schema import Array
from trigrad.subject.dialects.argument_roles import (
    AUXILIARY_VALUES,
    OPTIMISER,
    OPTIONAL_RATE,
    RATE,
    Argument,
    auxiliary_role,
    is_rate,
)
from trigrad.subject.dialects.array_paths import ArrayPath, arrays_in
from trigrad.subject.dialects.held_weights import DEPTH, way


@dataclass(frozen=True)
class HeldWeight:
    """A weight of an object: where it is, the array or number itself, and a copy of its values."""

    name: str
    path: ArrayPath
    value: Any
    copy: Array


def weights_of(layer: Any, parameters: Mapping[str, Any]) -> list[HeldWeight]:
    """The weights of a case that an object holds, wherever it has put them."""
    found = []
    for path, array in arrays_in(layer, numbers=True, depth=DEPTH):
        held = path.read(layer)
        for name, given in parameters.items():
            if held is given or (
                isinstance(given, np.ndarray | np.floating)
                and array.shape == given.shape
                and array.dtype.kind == "f"
                and np.array_equal(array, given)
                and np.any(given)
                and (path.name.lower() == name.lower() or way(path) == name)
            ):
                found.append(HeldWeight(name, path, held, array.copy()))
    return found


def steps_back(layer: Any, kept: Sequence[HeldWeight]) -> dict[str, Array]:
    """What has been taken off each weight since then; the weights are put back.

    With a learning rate of 1 that is the gradient.
    """
    steps: dict[str, Array] = {}
    for weight in kept:
        now = weight.path.read(layer)
        if not isinstance(now, np.ndarray | float) or np.shape(now) != weight.copy.shape:
            continue
        taken = np.asarray(weight.copy - now)
        if np.any(taken) or weight.name not in steps:
            steps[weight.name] = taken  # also of one that has not moved: its gradient is 0
        if np.any(taken):
            if now is not weight.value:
                weight.path.put(layer, weight.value)
            if isinstance(weight.value, np.ndarray) and weight.value.flags.writeable:
                weight.value[...] = weight.copy
    return steps


def rate_held(layer: Any) -> float | None:
    """The learning rate that an object holds by its name."""
    for name, value in getattr(layer, "__dict__", {}).items():
        number = isinstance(value, float | int | np.number) and not isinstance(value, bool)
        if number and value and is_rate(name):
            return float(value)
    return None


def rate_given(arguments: Sequence[Argument]) -> float | None:
    """The learning rate with which a function with these arguments is called; None if it has none.

    One without a default is given as 1, and so is the step size of an optimiser.
    """
    for argument in arguments:
        if auxiliary_role(argument) in (RATE, OPTIMISER):
            return float(AUXILIARY_VALUES[RATE])
        number = isinstance(argument.default, float | int)
        if number and auxiliary_role(argument) == OPTIONAL_RATE:
            return float(argument.default)
    return None
