"""Convert what a learner's call returns: numeric arrays, or a description of anything else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from trigrad.contracts.schema import Array
from trigrad.messages import Message
from trigrad.subject.face import Odd, Returned


def as_array(value: Any, operands: Mapping[str, Array]) -> Array | Odd:
    """A copy of a numeric array or number; a description of anything else."""
    if not isinstance(value, np.ndarray | np.number):
        if not isinstance(value, bool | int | float):
            return Odd(_described(value))
        # A Python number has no precision of its own: it takes that of the operands.
        dtypes = (a.dtype for a in operands.values() if a.dtype.kind == "f")
        return np.asarray(value, next(dtypes, np.dtype(np.float64)))
    array = np.array(value, copy=True, subok=False)
    if array.dtype.kind not in "fiu":
        return Odd(str(Message("gc.array_of", dtype=str(array.dtype))))
    return array


def of_lists(value: Any, operands: Mapping[str, Array]) -> Array | Odd:
    """An array of what nested lists of numbers hold, or of a number; anything else is odd here."""
    if isinstance(value, np.ndarray) or not _is_of_lists(value):
        return Odd(_described(value))
    try:
        return as_array(np.array(value, np.float64), operands)
    except ValueError:  # lists of different lengths
        return Odd(_described(value))


def _is_of_lists(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return all(map(_is_of_lists, value))
    return isinstance(value, bool | int | float)


def as_number(result: Returned) -> Returned:
    """The result with a loss in an array of one entry, as (1,), turned into shape ()."""
    output = result.values["output"]
    if isinstance(output, Odd) or output.size != 1:
        return result
    return replace(result, values={**result.values, "output": output.reshape(())})


def _described(value: object) -> str:
    match value:
        case None:
            return "None"
        case str():
            return str(Message("returned.string"))
        case list() | tuple() | dict() | set():
            kind = type(value).__name__
            return str(Message("returned.several", kind=kind, size=len(value)))
        case _:
            name = type(value).__name__
            key = "returned.an" if name[:1].lower() in "aeiou" else "returned.a"
            return str(Message(key, kind=name))
