"""Numbers and small arrays as a person writes them."""

from __future__ import annotations

import numpy as np

from trigrad.contracts.schema import Array
from trigrad.messages import Message

DIGITS = 4
"""So many significant digits are read at a glance."""

ROWS, COLUMNS = 2, 3
"""A larger matrix is not read in a picture: its shape is written."""


def written(array: Array, digits: int = DIGITS) -> list[str]:
    """An array in lines: a number, a row in brackets, or a row of a small matrix in each line."""
    array = np.asarray(array, dtype=np.float64)
    if array.size == 1:
        return [_number(array.item(), digits)]
    if array.ndim == 1 and array.size <= COLUMNS:
        return [_row(array, digits)]
    if array.ndim == 2 and array.shape[0] <= ROWS and array.shape[1] <= COLUMNS and array.size:
        cells = [[_number(float(each), digits) for each in row] for row in array]
        width = [max(map(len, column)) for column in zip(*cells, strict=True)]
        return [
            f"[{' '.join(c.rjust(w) for c, w in zip(row, width, strict=True))}]" for row in cells
        ]
    return [shape(array.shape)]


def shape(sizes: tuple[int, ...]) -> str:
    """A shape in place of numbers: `3×4`."""
    if len(sizes) > 1:
        return "×".join(map(str, sizes))
    return str(Message("picture.numbers", count=sizes[0]))


def is_and_should_be(is_: Array | None, should_be: Array) -> list[str]:
    """Both arrays in lines, with as many digits as show that they differ."""
    if is_ is None:
        return _joined([str(Message("nothing"))], written(should_be))
    if is_.shape != should_be.shape:
        return _joined([str(Message("shape", shape=str(is_.shape)))], [f"{should_be.shape}"])
    for digits in (DIGITS, 6, 9, 12, 17):
        one, other = written(is_, digits), written(should_be, digits)
        if one != other:
            return _joined(one, other)
    with np.errstate(invalid="ignore"):
        differ = int(np.count_nonzero(~np.isclose(is_, should_be, rtol=0, atol=0, equal_nan=True)))
    return [str(Message("picture.differ", shape=shape(is_.shape), differ=differ, all=is_.size))]


def _joined(is_: list[str], should_be: list[str]) -> list[str]:
    if len(is_) == len(should_be) == 1:
        return [str(Message("picture.both", is_=is_[0], should_be=should_be[0]))]
    return [*is_, str(Message("picture.should_be")), *should_be]


def _row(row: Array, digits: int) -> str:
    return f"[{' '.join(_number(float(each), digits) for each in row)}]"


def _number(value: float, digits: int) -> str:
    if not np.isfinite(value):
        return {"inf": "∞", "-inf": "−∞"}.get(str(value), str(Message("picture.no_number")))
    rounded = float(f"{value:.{digits}g}")
    if rounded == 0:
        return "0"
    if 1e-5 <= abs(rounded) < 1e7:
        return np.format_float_positional(rounded, trim="-").replace("-", "−")
    mantissa, _, power = f"{rounded:.{digits - 1}e}".partition("e")
    shown = mantissa.rstrip("0").rstrip(".")
    return f"{shown}e{int(power)}".replace("-", "−")
