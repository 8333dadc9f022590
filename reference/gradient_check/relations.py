"""How a wrong gradient is related to the right one: a multiple, the transpose, another parameter's.

A relation is named only if it gives the slope along each of several random directions.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from trigrad.contracts.schema import Array
from trigrad.gradient_check.measuring import Measuring, Mismatch
from trigrad.messages import Message
from trigrad.numerics.boxes import Box

DIRECTIONS = 3
"""Random directions in which a relation must hold."""

CLEAR = 8
"""How many times its uncertainty a factor must differ from 1, which would explain nothing."""

UNSURE = 1e-2
"""Largest relative uncertainty of a factor; in float32 it is usually a few thousandths."""

WHOLE = 1e-3
"""A factor is taken for a whole number if it is this near to it, relatively."""


def relation(measuring: Measuring, name: str) -> str | None:
    """The relation in words, or None if none gives the measured slopes."""
    box = measuring.whole(name)
    given = measuring.gradients[name]
    found: list[Mismatch] = []
    along: dict[str, list[float]] = {}
    # A relation that changes only a few entries does not explain the others.
    candidates = {
        words: array
        for words, array in _candidates(measuring, name)
        if 2 * np.count_nonzero(array != given) >= given.size
    }
    own: list[float] = []
    for _ in range(DIRECTIONS):
        measuring.draw([name])
        found.append(measuring.mismatch([box]))
        own.append(measuring.along(box, measuring.point.kept(name)))
        for words, array in candidates.items():
            along.setdefault(words, []).append(measuring.along(box, array))
    if not all(m.slope.known and not m.slope.kink for m in found):
        return None
    if all(m.slope.flat for m in found):
        return str(Message("gc.flat", name=name))
    if not given.any():
        return str(Message("gc.zeros"))
    for words, slopes in along.items():
        if all(m.wrong for m in found) and all(
            abs(m.slope.value - s) <= m.error for m, s in zip(found, slopes, strict=True)
        ):
            return words
    if given.size < DIRECTIONS:
        return None  # so few numbers may be multiples of each other by chance
    return _multiple(found) or _decay(found, own, name)


def _candidates(measuring: Measuring, name: str) -> Iterator[tuple[str, Array]]:
    given = measuring.gradients[name]
    if given.ndim == 2 and min(given.shape) > 1:
        transposed = given.reshape(given.shape[::-1]).T
        square = given.shape[0] == given.shape[1]
        yield str(Message("gc.transpose" if square else "gc.transpose_reshaped")), transposed
    for other, gradient in measuring.gradients.items():
        if other != name and gradient.shape == given.shape:
            yield str(Message("gc.mixed_up", other=other)), gradient


def _multiple(found: list[Mismatch]) -> str | None:
    slopes, expected, errors = _of_size_one(
        [m.slope.value for m in found], [m.expected for m in found], [m.error for m in found]
    )
    if (np.abs(slopes) <= errors).all():
        return None
    factor = float(slopes @ expected / (slopes @ slopes))
    unsure = abs(factor) * float(math.hypot(*errors) / math.hypot(*slopes))
    apart = np.abs(expected - factor * slopes)
    fits = (apart <= 4 * max(1.0, abs(factor)) * errors).all()
    # Any gradient is a multiple of itself by 1, so a factor near 1 explains nothing.
    if not fits or unsure > min(UNSURE * abs(factor), abs(factor - 1) / CLEAR):
        return None
    # A factor that is known only roughly is named only if it is a usual one.
    if unsure > WHOLE * abs(factor) and not _usual(factor, unsure):
        return None
    return _factor_words(factor, unsure)


def _of_size_one(*numbers: list[float]) -> Iterator[Array]:
    """The numbers divided by the largest of the first ones, whose squares are then in range."""
    size = max(map(abs, numbers[0])) or 1.0
    return (np.array(some) / size for some in numbers)


def _factor_words(factor: float, unsure: float) -> str:
    if abs(factor + 1) <= max(unsure, WHOLE):
        return str(Message("gc.sign"))
    whole = round(factor)
    inverse = round(1 / factor)
    if whole > 1 and _is_whole(factor, unsure):
        return str(Message("gc.multiple", whole=whole))
    if inverse > 1 and _is_whole(1 / factor, unsure / abs(factor) / abs(factor)):
        return str(Message("gc.share_of", inverse=inverse))
    if -1 < factor < 0:
        return str(Message("gc.step", factor=f"{factor:.4g}"))
    if abs(factor) < 1e-2:
        return str(Message("gc.times", factor=f"{factor:.4g}"))
    digits = 3 - int(np.floor(np.log10(abs(factor - 1)))) if abs(factor - 1) < 1e-2 else 3
    return str(Message("gc.times", factor=f"{factor:.{digits}f}"))


def _usual(factor: float, unsure: float) -> bool:
    size = abs(factor)
    return _is_whole(max(size, 1 / size), unsure * max(1.0, 1 / size**2))


def _is_whole(number: float, unsure: float) -> bool:
    """Whether it is near a whole number, and not just because it is large."""
    apart = abs(number - round(number))
    return apart <= WHOLE * abs(number) and max(apart, unsure) <= 1 / CLEAR


def _decay(found: list[Mismatch], own: list[float], name: str) -> str | None:
    """A weight decay: a multiple of the parameter itself is missing or too much."""
    missing = np.array([m.value for m in found])
    errors = np.array([m.error for m in found])
    size = max(map(abs, own))
    if not 0 < size < math.inf:
        return None
    weights = np.array(own) / size  # keeps the squares in range
    share = float(missing @ weights / (weights @ weights)) / size
    unsure = float(math.hypot(*errors) / math.hypot(*weights)) / size
    weights *= size
    if (np.abs(missing - share * weights) > errors).any() or unsure > abs(share) / CLEAR:
        return None
    if share > 0:
        return str(Message("gc.decay_missing", share=f"{share:.4g}", name=name))
    return str(Message("gc.decay_too_much", share=f"{-share:.4g}", name=name))


def place_words(boxes: list[Box], shape: tuple[int, ...]) -> str:
    """In which rows or columns all these boxes are; empty if these are half of all, or more."""
    if len(shape) == 1:
        return ""  # the places are the entries themselves
    for axis in range(len(shape)):
        at = {box.ranges[axis][0] for box in boxes}
        narrow = all(box.ranges[axis][1] - box.ranges[axis][0] == 1 for box in boxes)
        if narrow and boxes and 2 * len(at) < shape[axis]:
            numbers = ", ".join(str(i) for i in sorted(at))
            return str(_at(axis, len(shape), numbers, len(at)))
    return ""


def _at(axis: int, axes: int, numbers: str, count: int) -> Message:
    if axes == 2:
        key = "gc.row" if axis == 0 else "gc.column"
        return Message(key, numbers=numbers, count=count)
    return Message("gc.axis", axis=axis, numbers=numbers, count=count)
