"""Functions of NumPy's that go through an array one value, or one row, at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch

from trigrad.messages import Message
from trigrad.tracing.array import Array
from trigrad.tracing.conversion import (
    broadcast,
    dtype_of,
    holds_stand_in,
    is_stand_in,
    tensor_of,
    wrapped,
)
from trigrad.tracing.session import lose


class Vectorized:
    """`np.vectorize`: a function of numbers, for each value."""

    def __init__(self, pyfunc: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
        self._function = pyfunc
        self._real = np.vectorize(pyfunc, *args, **kwargs)
        self._signature = kwargs.get("signature")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """The function of all values, broadcast."""
        if not any(map(holds_stand_in, (*args, *kwargs.values()))):
            return wrapped(self._real(*args, **kwargs))
        if kwargs or self._signature:
            lose(Message("lost.options", function="np.vectorize"))
        tensors = broadcast(map(tensor_of, args))
        arrays = [
            Array(tensor, each.dtype) if is_stand_in(each) else np.broadcast_to(each, tensor.shape)
            for tensor, each in zip(tensors, args, strict=True)
        ]
        places = np.ndindex(*tensors[0].shape)
        results = [self._function(*(each[place] for each in arrays)) for place in places]
        return _as_array(results, tuple(tensors[0].shape))


def _as_array(results: list[Any], shape: tuple[int, ...]) -> Any:
    if not any(map(is_stand_in, results)):
        return wrapped(np.array(results).reshape(shape))
    if isinstance(results[0], tuple):
        return tuple(_as_array(list(each), shape) for each in zip(*results, strict=True))
    parts = [tensor_of(each) for each in results]
    tensor = torch.stack(parts)
    return Array(tensor.reshape(*shape, *parts[0].shape), dtype_of(*results))


def apply_along_axis(func1d: Any, axis: int, arr: Any, *args: Any, **kwargs: Any) -> Any:
    """`np.apply_along_axis`."""
    rows = np.moveaxis(arr, axis, -1)
    shape = rows.shape[:-1]
    results = [func1d(rows[place], *args, **kwargs) for place in np.ndindex(*shape)]
    found = _as_array(results, shape)
    added = found.ndim - len(shape)
    for _ in range(added):  # the axes of the results take the place of that axis, in order
        found = np.moveaxis(found, -1, axis)
    return found


def apply_over_axes(func: Any, a: Any, axes: Any) -> Any:
    """`np.apply_over_axes`."""
    found = a
    for axis in np.atleast_1d(axes):
        reduced = func(found, int(axis))
        found = reduced if reduced.ndim == found.ndim else np.expand_dims(reduced, int(axis))
    return found


def enumerated(arr: Any) -> Iterator[tuple[tuple[int, ...], Any]]:
    """`np.ndenumerate`."""
    return ((place, arr[place]) for place in np.ndindex(*arr.shape))


class Walk:
    """`np.nditer` over one stand-in, for its indices and values; it does not write."""

    def __init__(self, op: Any, *args: Any, **kwargs: Any) -> None:
        if not is_stand_in(op):
            lose(Message("lost.several", function="np.nditer"))
        self._array = op
        self._real = np.nditer(op.shadow, *args, **{**kwargs, "op_flags": [["readonly"]]})
        self._places = list(np.ndindex(*op.shape))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def __getitem__(self, index: int) -> Any:
        return self._value()

    def __iter__(self) -> Iterator[Any]:
        while not self._real.finished:
            yield self._value()
            self._real.iternext()

    def __enter__(self) -> Walk:
        return self

    def __exit__(self, *_: object) -> None:
        self._real.close()

    @property
    def value(self) -> Any:
        """The value it stands at."""
        return self._value()

    def _value(self) -> Any:
        return self._array[self._places[self._real.iterindex]]
