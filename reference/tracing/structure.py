"""What only moves values: NumPy itself says where each one goes.

A function is run by NumPy on an array that shares the stand-in's memory. If what it gives shares
that memory too, it is a view, and becomes a view of the tensor. If not, the function is run on the
positions of the values, 1, 2, 3, …, and what it gives says which value is where; 0 is a value that
the function adds, such as the zeros of a padding.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch

from trigrad.tracing.array import Array, Real, Scalar, StandIn
from trigrad.tracing.conversion import (
    dtype_of,
    holds_stand_in,
    is_array,
    is_stand_in,
    made,
    tensor_of,
)
from trigrad.tracing.session import BEFORE, lose

Run = Callable[[Any], Any]
"""A function of one array, with all other arguments in it."""


def moved(source: StandIn, run: Run, run_on_positions: Run | None = None) -> Any:
    """What a function gives that moves the values of one array: views where NumPy has views."""
    shadow = source.shadow
    results = run(shadow)
    positions: list[Any] = []  # found when needed, once

    def one(result: Any, index: int) -> Any:
        if not isinstance(result, np.ndarray):
            return _gathered([source], _position_of(index))
        shares = result is shadow or np.may_share_memory(result, shadow)
        if shares and all(step >= 0 for step in result.strides):
            return Array(_view(source.tensor, shadow, result), source.dtype)
        copy = _gathered([source], _position_of(index), result)
        if shares:
            copy.copied_from(source)
        return copy

    def _position_of(index: int) -> Any:
        if not positions:
            numbers = np.empty_like(shadow, dtype=np.int64)  # laid out alike
            numbers[...] = positions_in(source.shape)
            positions.append((run_on_positions or run)(numbers))
        return positions[0][index] if isinstance(results, list | tuple) else positions[0]

    if isinstance(results, list | tuple):
        return type(results)(one(each, index) for index, each in enumerate(results))
    return one(results, 0)


def _view(tensor: torch.Tensor, shadow: Real, view: Real) -> torch.Tensor:
    size = shadow.itemsize
    offset = (view.ctypes.data - shadow.ctypes.data) // size if view.size else 0
    steps = [step // size for step in view.strides]
    return tensor.as_strided(view.shape, steps, tensor.storage_offset() + offset)


def positions_in(shape: tuple[int, ...], first: int = 1) -> Real:
    """The position of each value in an array of this shape, from `first`."""
    count = int(np.prod(shape))
    return np.arange(first, first + count).reshape(shape)


def _gathered(sources: Sequence[StandIn], positions: Any, filled: Any = None) -> Any:
    """The values at positions, counted through all sources; `filled` has what stands at 0."""
    array = np.asarray(positions)
    flat = [source.tensor.reshape(-1) for source in sources]
    values = flat[0] if len(flat) == 1 else torch.cat(flat)
    added = array == 0
    if added.any():
        values = torch.cat([torch.zeros(1, dtype=values.dtype), values])
        result = torch.take(values, torch.tensor(array))
        if filled is not None:
            other = torch.tensor(np.asarray(filled, dtype=np.float64))
            result = torch.where(torch.from_numpy(added), other, result)
    else:
        result = torch.take(values, torch.tensor(array - 1))
    dtype = dtype_of(*sources)
    return made(result, dtype) if not isinstance(positions, np.ndarray) else Array(result, dtype)


def joined(run: Callable[[Any], Any], data: Any) -> Any:
    """What a function gives that puts several arrays together.

    Args:
        run: the function, of nested lists of arrays.
        data: nested lists of stand-ins, arrays and numbers.
    """
    sources: list[StandIn] = []
    first = 1

    def numbered(value: Any) -> Any:
        nonlocal first
        if type(value) in (list, tuple) and (holds_stand_in(value) or _holds_array(value)):
            return type(value)(numbered(each) for each in value)
        source = value if is_stand_in(value) else Array(tensor_of(value), dtype_of(value))
        positions = positions_in(source.shape, first)
        first += source.size
        sources.append(source)
        return positions

    results = run(numbered(data))
    if isinstance(results, list | tuple):
        return type(results)(_gathered(sources, each) for each in results)
    return _gathered(sources, results)


def _holds_array(value: Any) -> bool:
    return any(isinstance(each, np.ndarray | list | tuple) for each in value)


def written(target: Any, run: Callable[[Real, Any], Any], values: Any = None) -> None:
    """Let a function write values into an array: `run` gets the positions of both."""
    if not is_array(target):
        lose(BEFORE)
    source = Array(tensor_of(values), dtype_of(values)) if values is not None else None
    positions = positions_in(target.shape)
    run(positions, None if source is None else positions_in(source.shape, target.size + 1))
    sources = [target] if source is None else [target, source]
    target.store(_gathered(sources, positions).tensor)


# --- indices ------------------------------------------------------------------------------------


def _index(key: Any) -> Any:
    """A key that NumPy understands: stand-ins in it would be no indices."""
    if is_stand_in(key):
        raise IndexError("arrays used as indices must be of integer (or boolean) type")
    if type(key) is tuple:
        return tuple(_index(each) for each in key)
    return key


def take_item(source: StandIn, key: Any) -> Any:
    """`source[key]`."""
    key = _index(key)
    if isinstance(source, Scalar) or _is_one(key, source.ndim):
        place = tuple(map(int, key)) if type(key) is tuple else (key if key is ... else int(key),)
        source.shadow[key]  # raises as NumPy does
        return made(source.tensor[place].clone(), source.dtype)
    return moved(source, lambda array: array[key])


def _is_one(key: Any, axes: int) -> bool:
    """Whether a key is one whole number for each axis."""
    if type(key) is not tuple:
        return axes == 1 and _is_whole(key)
    return len(key) == axes and all(map(_is_whole, key))


def _is_whole(key: Any) -> bool:
    return type(key) is int or (isinstance(key, np.integer) and not isinstance(key, np.bool_))


def set_item(target: Array, key: Any, value: Any) -> None:
    """`target[key] = value`."""
    key = _index(key)
    shadow = target.shadow
    if _is_basic(key):
        part = shadow[key] if type(key) is tuple else shadow[(key,)]
        view = (
            target.tensor[tuple(map(int, key if type(key) is tuple else (key,)))]
            if not isinstance(part, np.ndarray)
            else None
        )
        if view is None and all(step >= 0 for step in part.strides):
            view = _view(target.tensor, shadow, part)
        if view is not None:
            target.store(fitted(tensor_of(value), tuple(view.shape)), view)
            return
    values = value if is_stand_in(value) else Array(tensor_of(value), dtype_of(value))
    written(target, lambda into, of: into.__setitem__(key, of), values)


def _is_basic(key: Any) -> bool:
    keys = key if type(key) is tuple else (key,)
    return all(
        each is None or each is ... or type(each) is slice or _is_whole(each) for each in keys
    )


def fitted(value: torch.Tensor, shape: tuple[int, ...]) -> torch.Tensor:
    """A value to be written where this shape is: NumPy leaves out axes of one in front."""
    while value.ndim > len(shape) and value.shape[0] == 1:
        value = value[0]
    return value.broadcast_to(shape) if value.ndim <= len(shape) else value.reshape(shape)


class Flat:
    """An array's values in a row, as `x.flat` has them."""

    def __init__(self, array: Array) -> None:
        self._array = array
        self._place = 0

    def __len__(self) -> int:
        return self._array.size

    def __iter__(self) -> Any:
        return (self[index] for index in range(len(self)))

    def __next__(self) -> Any:
        if self._place >= len(self):
            raise StopIteration
        self._place += 1
        return self[self._place - 1]

    def __getitem__(self, key: Any) -> Any:
        return _gathered([self._array], positions_in(self._array.shape).flat[_index(key)])

    def __setitem__(self, key: Any, value: Any) -> None:
        written(self._array, lambda into, of: into.flat.__setitem__(_index(key), of), value)
