"""Send many small arrays in one message, as dtypes, shapes and bytes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np

from trigrad.contracts.schema import Array
from trigrad.sandbox.validation import WireError, is_natural, sequence

Reference = list[int]
"""The number of a group of arrays in a message, and the number of the array in the group."""


class ArrayPacker:
    """Collects a message's arrays; those of one dtype and shape are joined into one byte string.

    A batch has hundreds of small arrays, and many of them are the same object: it is sent once.
    """

    def __init__(self) -> None:
        self._groups: dict[tuple[str, tuple[int, ...]], tuple[int, list[bytes]]] = {}
        # By the array's id. The array is kept too, so that its id stays valid.
        self._known: dict[int, tuple[Array, Reference]] = {}
        self.size = 0
        """How many bytes the arrays have together."""

    def add(self, array: Array) -> Reference:
        """Add an array; the reference to it in the message."""
        known = self._known.get(id(array))
        if known is not None:
            return known[1]
        key = (_name_of(array.dtype), array.shape)
        number, group = self._groups.setdefault(key, (len(self._groups), []))
        reference = [number, len(group)]
        group.append(array.tobytes())
        self.size += array.nbytes
        self._known[id(array)] = (array, reference)
        return reference

    def add_all(self, arrays: Mapping[str, Array]) -> dict[str, Reference]:
        """Add several arrays; the references to them by name."""
        return {name: self.add(array) for name, array in arrays.items()}

    def packed(self) -> list[Any]:
        """The groups, each as dtype, shape, number of arrays, and bytes."""
        return [
            [dtype, list(shape), len(group), b"".join(group)]
            for (dtype, shape), (_, group) in self._groups.items()
        ]


class ArrayUnpacker:
    """The arrays of a message, validated and read-only.

    Raises:
        WireError: they are not arrays of numbers.
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
        """The array of a reference; WireError for an invalid one."""
        try:
            group, number = reference
            found: Array = self._groups[group][number]
        except (TypeError, ValueError, IndexError) as error:
            raise WireError("a reference to no array") from error
        return found

    def get_all(self, references: dict[str, Any]) -> dict[str, Array]:
        """Several by name."""
        return {name: self.get(value) for name, value in references.items()}


def _unpack_group(value: Any) -> list[Array]:
    match value:
        case [str() as name, list() as axes, int() as count, bytes() as data]:
            dtype = _DTYPES.get(name)
            sizes = [count, *axes]
            if dtype is None or len(sizes) > 32 or not all(is_natural(size) for size in sizes):
                raise WireError("something that is not an array of numbers")
            # The sizes must fit the bytes that were sent. Empty arrays take none: count them.
            entries = math.prod(sizes)
            if entries * dtype.itemsize != len(data) or count > MANY:
                raise WireError("an array whose bytes don't fit its shape")
            return (
                list(np.frombuffer(data, dtype).reshape(sizes)) if axes else _numbers(data, dtype)
            )
        case _:
            raise WireError("something that is not an array")


def _numbers(data: bytes, dtype: np.dtype[Any]) -> list[Array]:
    """Arrays without axes; iterating would yield scalars."""
    flat = np.frombuffer(data, dtype)
    return [flat[i : i + 1].reshape(()) for i in range(len(flat))]


@cache
def _name_of(dtype: np.dtype[Any]) -> str:
    return dtype.str


MANY = 1_000_000
"""The most arrays in one message, since empty arrays take no bytes."""

_DTYPES = {
    dtype.str: dtype
    for native in map(np.dtype, "efdgbhilqBHILQ")
    for dtype in (native, native.newbyteorder("S"))
}
"""The accepted dtypes, floats and integers in both byte orders, by their names in messages."""
