"""What backward gives to an optimiser that the layer holds: there its gradients can be read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from trigrad.subject.dialects.argument_roles import UnitStepOptimiser
from trigrad.subject.dialects.array_paths import ArrayPath, entries_of
from trigrad.subject.dialects.returned_parts import Part, parts_of

_METHODS = ("update", "step", "apply", "apply_gradients", "optimize", "minimize", "update_params")
"""An object with one of these methods may be an optimiser."""


@dataclass(frozen=True)
class GivenGradient:
    """Where a gradient is in the calls of optimisers during one backward."""

    call: int
    path: ArrayPath


@dataclass(frozen=True)
class OptimiserCall:
    """The arrays that one call was given: as they were, and copies of their values."""

    parts: tuple[Part, ...]
    arrays: tuple[Any, ...]


def optimisers_in(subject: Any) -> list[tuple[ArrayPath, Any]]:
    """The optimisers that an object holds, in its attributes or in a list or dict of them."""
    found: list[tuple[ArrayPath, Any]] = []
    for step, value in entries_of(subject):
        inner = entries_of(value) if isinstance(value, list | tuple | dict) else ()
        candidates = [((step,), value), *(((step, more), entry) for more, entry in inner)]
        found += [(ArrayPath(path), entry) for path, entry in candidates if _is_optimiser(entry)]
    return found


def _is_optimiser(value: Any) -> bool:
    ours = isinstance(value, type | np.ndarray | UnitStepOptimiser)
    if ours or not hasattr(value, "__dict__") or hasattr(value, "forward"):
        return False
    return any(callable(getattr(value, name, None)) for name in _METHODS)


@contextmanager
def recorded(optimisers: Sequence[Any]) -> Iterator[list[OptimiserCall]]:
    """The calls of the methods of these objects, while the block runs; they are called as ever."""
    calls: list[OptimiserCall] = []
    replaced: list[tuple[dict[str, Any], str]] = []
    for optimiser in optimisers:
        for name in _METHODS:
            method = getattr(optimiser, name, None)
            if callable(method) and name not in vars(optimiser):
                vars(optimiser)[name] = _recording(method, calls)
                replaced.append((vars(optimiser), name))
    try:
        yield calls
    finally:
        for attributes, name in replaced:
            attributes.pop(name, None)


def _recording(method: Any, calls: list[OptimiserCall]) -> Any:
    def call(*args: Any, **kwargs: Any) -> Any:
        parts = [p for p in parts_of([*args, kwargs]) if isinstance(p.value, np.ndarray)]
        copies = tuple(Part(p.path, p.value.copy()) for p in parts)
        calls.append(OptimiserCall(copies, tuple(p.value for p in parts)))
        return method(*args, **kwargs)

    return call


def given(calls: Sequence[OptimiserCall], where: GivenGradient) -> Any:
    """The gradient that was given there; None if there was no such call."""
    parts = calls[where.call].parts if where.call < len(calls) else ()
    return next((p.value for p in parts if p.path == where.path), None)


def gradients_given(
    once: Sequence[OptimiserCall],
    twice: Sequence[OptimiserCall],
    weights: Sequence[Any],
    shape: tuple[int, ...],
) -> list[GivenGradient]:
    """Where an array of this shape was given that is no weight, and twice as large for twice dout.

    `once` and `twice` are the calls for one dout and for twice that one.
    """
    found = []
    for number, call in enumerate(once):
        for part, array in zip(call.parts, call.arrays, strict=True):
            where = GivenGradient(number, part.path)
            again = given(twice, where)
            if part.value.shape != shape or any(array is w for w in weights):
                continue
            if np.shape(again) == shape and np.allclose(again, 2 * part.value):
                found.append(where)
    return found
