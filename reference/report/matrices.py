"""What is and what should be as tables, with the wrong entries marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from trigrad.contracts.schema import Array
from trigrad.report.array_text import shown, telling_digits

ROWS, COLUMNS = 8, 8
"""A larger matrix is a map of where it is wrong."""

MAPPED = 48
"""Rows and columns of a map, at most."""


@dataclass(frozen=True)
class Cell:
    """An entry as text, and whether it is wrong."""

    text: str
    wrong: bool


@dataclass(frozen=True)
class Compared:
    """Two arrays of one shape: as tables, or as a map with a mark at each wrong entry."""

    is_: Sequence[Sequence[Cell]] = ()
    should_be: Sequence[Sequence[Cell]] = ()
    map: Sequence[str] = ()
    shape: str = ""


def compared(is_: object, should_be: object) -> Compared | None:
    """Both in rows; None where there are no two arrays of one shape and at most two axes.

    An entry is wrong if a reader sees that it is another one.
    """
    if not isinstance(is_, np.ndarray) or not isinstance(should_be, np.ndarray):
        return None
    if is_.shape != should_be.shape or is_.ndim > 2 or not is_.size:
        return None
    digits = telling_digits(is_, should_be)
    one, other = _texts(is_, digits), _texts(should_be, digits)
    wrong = one != other
    if wrong.shape[0] > ROWS or wrong.shape[1] > COLUMNS:
        rows = ["".join("✗" if each else "·" for each in row[:MAPPED]) for row in wrong[:MAPPED]]
        return Compared(map=rows, shape=str(is_.shape))
    return Compared(_rows(one, wrong), _rows(other, wrong))


def _texts(array: Array, digits: int) -> Array:
    """The entries as text, in rows."""
    flat = [shown(np.asarray(each), digits) for each in array.ravel()]
    return np.array(flat, dtype=object).reshape(-1, array.shape[-1] if array.ndim else 1)


def _rows(texts: Array, wrong: Array) -> list[list[Cell]]:
    pairs = (zip(*rows, strict=True) for rows in zip(texts, wrong, strict=True))
    return [[Cell(str(text), bool(bad)) for text, bad in row] for row in pairs]
