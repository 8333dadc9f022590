"""Many small arrays in one message, and out of it by dtype, shape and bytes alone."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np

from trigrad.contracts.schema import Array
from trigrad.sandbox.validation import WireError, is_size, sequence

Reference = list[int]
"""Which group of a message's arrays, and which of the group."""


class ArrayPacker:
    """Collects a message's arrays: those of one dtype and shape in one string of bytes.

    A batch has hundreds of small arrays, of which many are one and the same object: each is
    sent once.
    """

    def __init__(self) -> None:
        self._groups: dict[tuple[str, tuple[int, ...]], tuple[int, list[bytes]]] = {}
        self._known: dict[int, tuple[Array, Reference]] = {}  # the array too: its id stays taken

    def add(self, array: Array) -> Reference:
        """What stands for the array in the message."""
        known = self._known.get(id(array))
        if known is not None:
            return known[1]
        key = (_name_of(array.dtype), array.shape)
        number, group = self._groups.setdefault(key, (len(self._groups), []))
        reference = [number, len(group)]
        group.append(array.tobytes())
        self._known[id(array)] = (array, reference)
        return reference

    def add_all(self, arrays: Mapping[str, Array]) -> dict[str, Reference]:
        """What stands for each of several."""
        return {name: self.add(array) for name, array in arrays.items()}

    def packed(self) -> list[Any]:
        """The groups: dtype, shape, how many, bytes."""
        return [
            [dtype, list(shape), len(group), b"".join(group)]
            for (dtype, shape), (_, group) in self._groups.items()
        ]


class ArrayUnpacker:
    """A message's arrays, made of nothing but bytes; none of them can be written to.

    Raises:
        WireError: they are anything else than arrays of numbers.
    """

    def __init__(self, groups: Any) -> None:
        self._groups: list[list[Array]] = []
        count = 0
        for group in sequence(groups):
            self._groups.append(_unpack_group(group))
            count += len(self._groups[-1])
            if count > MANY:
                raise WireError(f"more than {MANY} arrays")

    def get(self, reference: Any) -> Array:
        """The array that a reference stands for; WireError for what is none."""
        try:
            group, number = reference
            found: Array = self._groups[group][number]
        except (TypeError, ValueError, IndexError) as error:
            raise WireError("an array that was not sent") from error
        return found

    def get_all(self, references: dict[str, Any]) -> dict[str, Array]:
        """Several by name."""
        return {name: self.get(value) for name, value in references.items()}


def _unpack_group(value: Any) -> list[Array]:
    match value:
        case [str() as name, list() as axes, int() as count, bytes() as data]:
            dtype = _DTYPES.get(name)
            sizes = [count, *axes]
            if dtype is None or len(sizes) > 32 or not all(is_size(size) for size in sizes):
                raise WireError("no array of numbers")
            # No array has more entries than bytes were sent, and empty ones are not many.
            entries = math.prod(sizes)
            if entries * dtype.itemsize != len(data) or count > MANY:
                raise WireError("an array whose bytes don't fit its shape")
            return (
                list(np.frombuffer(data, dtype).reshape(sizes)) if axes else _numbers(data, dtype)
            )
        case _:
            raise WireError("no array")


def _numbers(data: bytes, dtype: np.dtype[Any]) -> list[Array]:
    """Arrays of no axes: iterating would give scalars."""
    flat = np.frombuffer(data, dtype)
    return [flat[i : i + 1].reshape(()) for i in range(len(flat))]


@cache
def _name_of(dtype: np.dtype[Any]) -> str:
    return dtype.str


MANY = 1_000_000
"""Arrays that are taken in one message: empty ones come without a byte of their own."""

_DTYPES = {
    dtype.str: dtype
    for native in map(np.dtype, "efdgbhilqBHILQ")
    for dtype in (native, native.newbyteorder("S"))
}
"""The numbers of NumPy, real and whole, by the name that an array says."""
