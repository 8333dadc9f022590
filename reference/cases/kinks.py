"""How near a case is to a point without a derivative, and how it is moved away from one."""

from __future__ import annotations

import math

import hypothesis
import numpy as np

from trigrad.cases.case import Case
from trigrad.contracts.schema import Contract, Domain

TIE_MARGIN = 1 / 256
"""How near two compared numbers may be in a case of a declared layer, if others are possible."""

KINK_MARGIN = 1 / 16
"""Smallest distance of a case from the contract's kinks; steps of differences are far smaller."""

NUDGES = 8
"""How often a case near a kink is moved before the draw is rejected."""

MOVED = (Domain.REAL, Domain.LOGIT, Domain.WEIGHT)
"""What is moved: one-hot targets, labels and probabilities stay as they are."""


def kink_distance(contract: Contract, case: Case) -> float:
    """How far the case is from the nearest kink of the row; infinite where there is none."""
    if contract.own is not None:
        return contract.own.distance_to_tie(case.arrays)
    kinks = contract.promises.kinks
    return math.inf if kinks is None else float(np.abs(kinks(case.arrays)).min())


def kink_margin(contract: Contract) -> float:
    """How far a case should be from kinks."""
    return KINK_MARGIN if contract.own is None else TIE_MARGIN


def away_from_kinks(contract: Contract, case: Case) -> Case:
    """The case, moved if it is near a kink.

    Raises:
        UnsatisfiedAssumption: a few moves do not bring it away from the kinks of a contract.
    """
    if contract.own is not None:
        return _away_from_ties(contract, case)
    for nudge in range(NUDGES):
        if kink_distance(contract, case) >= KINK_MARGIN:
            return case
        case = _entries_moved(contract, case) or moved(contract, case, nudge + 1)
    raise hypothesis.errors.UnsatisfiedAssumption


def _entries_moved(contract: Contract, case: Case) -> Case | None:
    """The case with only those entries moved that are near a kink, where each has its own.

    None where kinks are not those of each entry of the operands by itself.
    """
    kinks = contract.promises.kinks
    if kinks is None or len({v.shape for v in contract.variables}) > 1:
        return None
    name, array = next(iter(case.operands.items()))
    distances = kinks(case.arrays)
    if distances.shape != array.shape:
        return None
    near = np.abs(distances) < KINK_MARGIN
    return case.with_values(**{name: array + np.where(near, 2 * KINK_MARGIN, 0)})


def _away_from_ties(contract: Contract, case: Case) -> Case:
    """The case, moved if forward compares numbers that are nearly equal.

    Of many numbers some always are: the differences themselves then notice the kink.
    """
    best, farthest = case, kink_distance(contract, case)
    for nudge in range(NUDGES if farthest < TIE_MARGIN else 0):
        other = spread(contract, case, nudge + 1)
        distance = kink_distance(contract, other)
        if distance > farthest:
            best, farthest = other, distance
        if farthest >= TIE_MARGIN:
            break
    return best


def spread(contract: Contract, case: Case, times: int) -> Case:
    """The case with its real values moved by up to 1/4, no two of them by the same."""
    arrays = {v.name: case.arrays[v.name] for v in contract.variables if v.domain in MOVED}
    count = sum(array.size for array in arrays.values())
    order = np.random.Generator(np.random.PCG64(times)).permutation(count)
    values, start = {}, 0
    for name, array in arrays.items():
        own = order[start : start + array.size].reshape(array.shape)
        start += array.size
        values[name] = array + (own + 1) / (4 * count + 4)
    return case.with_values(**values)


def moved(contract: Contract, case: Case, times: int) -> Case:
    """The case with its real values moved a little, by other amounts for each entry and time.

    One-hot targets, labels and probabilities stay as they are.
    """
    step = {}
    for position, variable in enumerate(contract.variables):
        if variable.domain in MOVED:
            array = case.arrays[variable.name]
            # Multiples of 1/64 that do not repeat in each row or column.
            pattern = (7 * np.arange(array.size) + 3 * position + 5 * times) % 13 + 1
            step[variable.name] = array + pattern.reshape(array.shape) / 64
    return case.with_values(**step)
