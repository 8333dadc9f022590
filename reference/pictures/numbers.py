"""Numbers and small arrays as a person writes them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trigrad.contracts.schema import Array
from trigrad.messages import Message
from trigrad.numerics.leftovers import largest

DIGITS = 4
"""So many significant digits are read at a glance."""

CROSS = "✗"

ROUNDING = 2.0**-40
"""Of the largest entry: many times what float64's roundings leave in a case that fits a page."""

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
    """Both arrays in lines, with as many digits as show that they differ.

    Of large ones the entry that is furthest off, and how many differ. No line has a ✗ if a reader
    would see no difference.
    """
    if is_ is None:
        return _joined([str(Message("nothing"))], written(should_be))
    if is_.shape != should_be.shape:
        return _joined([str(Message("shape", shape=str(is_.shape)))], [f"{should_be.shape}"])
    digits, differ = telling(is_, should_be)
    if not differ.any():
        return written(is_)
    one, other = written(is_, digits), written(should_be, digits)
    if one != other:
        return _joined(one, other)
    with np.errstate(invalid="ignore"):
        off = np.where(differ, np.nan_to_num(np.abs(is_ - should_be), nan=np.inf), -1.0)
    place = np.unravel_index(int(np.argmax(off)), is_.shape)
    one_number, other_number = (_number(float(each[place]), digits) for each in (is_, should_be))
    both = Message("picture.both", is_=one_number, should_be=other_number)
    at = ", ".join(str(int(number)) for number in place)
    count = int(np.count_nonzero(differ))
    return [
        str(Message("picture.at", both=both, place=f"[{at}]")),
        str(Message("picture.differ", differ=count, all=is_.size)),
    ]


def telling(is_: Array, should_be: Array) -> tuple[int, NDArray[np.bool_]]:
    """How many digits show that two arrays of one shape differ, and where they then do.

    Roundings are no difference, also where one of two numbers is rounded up and one down.
    """
    scale = max(largest(is_), largest(should_be))
    with np.errstate(invalid="ignore"):
        same = (np.abs(is_ - should_be) <= ROUNDING * scale) | (is_ == should_be)
    same |= np.isnan(is_) & np.isnan(should_be)
    if same.all():
        return DIGITS, ~same
    for digits in (DIGITS, 6, 9, 12):
        pairs = zip(is_.ravel(), should_be.ravel(), strict=True)
        texts = [_number(float(a), digits) != _number(float(b), digits) for a, b in pairs]
        differ = np.array(texts, dtype=bool).reshape(is_.shape) & ~same
        if differ.any():
            return digits, differ
    return 17, ~same


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
