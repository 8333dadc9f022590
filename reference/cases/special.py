"""Cases of one kind beside the drawn ones: exact zeros, extreme logits, and real sizes.

What is right for small arrays of moderate numbers may be wrong there: `dout * out / x` is NaN at 0,
`clip(x, -4, 4)` shows from 4 on, `dout[:5]` from six rows on.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache, partial

import hypothesis
import numpy as np

from trigrad.cases.case import Case
from trigrad.cases.kinds import Special
from trigrad.cases.kinks import kink_distance, kink_margin
from trigrad.cases.sampling import (
    Material,
    allowed_size,
    case_from,
    entries_of,
    filled,
    large_case,
)
from trigrad.contracts.schema import Array, Contract, Domain

ZERO_EVERY = 3
"""Every third entry of an array is made zero; where it begins differs between the arrays."""

TOPS = (24.0, 0.5, 12.0)
"""The largest logit of each row: beyond 20, at which some clip; near 0; between."""

LOGIT_RANGE = 8.0
"""How far the smallest logit of a row is below the largest: e**-8 is about 1/3000."""

WEIGHT_FACTOR = 4.0
"""A network's weights are this much larger, so that its scores are extreme, too."""

MOST_ALLOWED = 1e-3
"""Targets are chosen so that the contract allows no more for a stabiliser in the logarithm."""

REAL = {"N": 100, "D": 784, "I": 784, "M": 50, "H": 50, "C": 50, "O": 50}
"""Sizes as in training (section 4.5). Only one at a time, so that loops in Python take no time."""

SMALL = (2, 3, 4, 5)
"""The other sizes in such a case."""


DRAWS = 8
"""How many cases are drawn for the most telling to be chosen."""

BUFFER = 256
"""Bytes of a case with zeros: more than it has entries, so that no array repeats another."""


@dataclass(frozen=True, eq=False)
class SpecialCase:
    """A case of a kind, and how to make a smaller one of that kind, where that is possible."""

    kind: Special
    case: Case
    make: Callable[[Material], Case] | None = None


@lru_cache(maxsize=64)
def special_cases(contract: Contract, seed: int) -> tuple[SpecialCase, ...]:
    """All special cases of a row, drawn from the seed; of a declared layer those with zeros."""
    zeros = partial(case_with_zeros, contract)
    if contract.own is not None:
        try:
            return (SpecialCase(Special.ZEROS, zeros(_material(contract, seed)), zeros),)
        except hypothesis.errors.UnsatisfiedAssumption:
            return ()  # forward takes none of these sizes
    found = [SpecialCase(Special.ZEROS, zeros(_material(contract, seed)), zeros)]
    if {v.domain for v in contract.variables} & _EXTREME:
        found.append(SpecialCase(Special.EXTREME, _extreme_case(contract, seed)))
    found.append(SpecialCase(Special.LARGE, large_case(contract, seed)))
    if contract.arguments is None:  # a numerical gradient of 784 numbers is no use
        symbols = [s for s in contract.symbols if s in REAL]
        cases = (_real_case(contract, seed, symbol) for symbol in symbols)
        found += [SpecialCase(Special.REAL, case) for case in cases]
    return tuple(found)


@lru_cache(maxsize=64)
def probe_case(contract: Contract) -> Case:
    """A small case of moderate irrational values, always the same."""
    sizes = {s: allowed_size(contract, s, SMALL[1 + i % 3]) for i, s in enumerate(contract.symbols)}
    return filled(contract, sizes, bytes(range(1, 251, 7)), irrational=True)


def case_with_zeros(contract: Contract, material: Material) -> Case:
    """The case of a material, with zeros in every array where that brings it near no kink."""
    case = case_from(contract, material)
    for position, variable in enumerate(contract.variables):
        if variable.domain in (Domain.REAL, Domain.LOGIT, Domain.WEIGHT):
            array = _with_zeros(case.arrays[variable.name], position)
            other = case.with_values(**{variable.name: array})
            if kink_distance(contract, other) >= kink_margin(contract):
                case = other
    if case.dout is not None:
        case = case.with_dout(_with_zeros(case.dout, len(contract.variables)))
    return case


def _material(contract: Contract, seed: int) -> Material:
    count = len(contract.symbols)
    raw = np.random.Generator(np.random.PCG64(seed)).bytes(BUFFER)
    return Material(tuple(SMALL[1 + i % 3] for i in range(count)), raw)


def _with_zeros(array: Array, position: int) -> Array:
    if array.size == 1:  # only one of them: zeros everywhere would hide everything
        return np.zeros_like(array) if position == 0 else array
    zero = (np.arange(array.size) - position % array.size) % ZERO_EVERY == 0
    return np.where(zero.reshape(array.shape), 0.0, array)


_EXTREME = {Domain.LOGIT, Domain.PROBABILITY, Domain.WEIGHT}


def _extreme_case(contract: Contract, seed: int) -> Case:
    """A case with extreme logits or scores, and targets that are unlikely, but likely enough."""
    sizes = {s: len(TOPS) if s == "N" else 4 for s in contract.symbols}
    cases = (_made_extreme(contract, case) for case in _draws(contract, seed, sizes))
    return max(cases, key=lambda case: _allowed_for_targets(contract, case))


def _allowed_for_targets(contract: Contract, case: Case) -> float:
    """What the contract allows on the case for a stabiliser; 0 if that is too much."""
    allowance = contract.promises.allowance
    allowed = allowance(case.arrays) if allowance else 0.0
    return allowed if allowed <= MOST_ALLOWED else 0.0


def _draws(contract: Contract, seed: int, sizes: dict[str, int]) -> list[Case]:
    """Some cases of these sizes, for the most telling to be chosen."""
    random = np.random.Generator(np.random.PCG64(seed))
    count = entries_of(contract, sizes)
    return [filled(contract, sizes, random.bytes(count), irrational=True) for _ in range(DRAWS)]


def _made_extreme(contract: Contract, case: Case) -> Case:
    values = {}
    for variable in contract.variables:
        array = case.arrays[variable.name]
        if variable.domain is Domain.LOGIT:
            values[variable.name] = _extreme_logits(array.shape)
        elif variable.domain is Domain.PROBABILITY:
            powers = np.exp(_extreme_logits(array.shape))
            values[variable.name] = powers / powers.sum(axis=-1, keepdims=True)
        elif variable.domain is Domain.WEIGHT and variable in contract.parameters:
            values[variable.name] = WEIGHT_FACTOR * array
    return _with_likely_targets(contract, case.with_values(**values))


def _extreme_logits(shape: tuple[int, ...]) -> Array:
    """Rows with their largest entry at one of TOPS, and the others evenly below, rolled."""
    gaps = np.linspace(0.0, LOGIT_RANGE, shape[-1])
    rows = [TOPS[i % len(TOPS)] - np.roll(gaps, i) for i in range(math.prod(shape[:-1]))]
    return np.array(rows).reshape(shape)


def _with_likely_targets(contract: Contract, case: Case) -> Case:
    """In each row the least likely target for which the row allows no more than MOST_ALLOWED."""
    allowance = contract.promises.allowance
    hot = [v.name for v in contract.operands if v.domain is Domain.ONE_HOT]
    if allowance is None or not hot:
        return case
    shape = case.arrays[hot[0]].shape
    targets = np.array(case.arrays[hot[0]]).reshape(-1, shape[-1])
    for row in range(len(targets)):
        alone = case.rows(contract, [row]) if len(shape) > 1 else case
        classes = np.eye(shape[-1])
        place = classes[:, None] if len(shape) > 1 else classes
        each = [allowance(alone.with_values(**{hot[0]: one}).arrays) for one in place]
        fit = [c for c, allowed in enumerate(each) if allowed <= MOST_ALLOWED]
        best = max(fit, key=each.__getitem__) if fit else int(np.argmin(each))
        targets[row] = classes[best]
    return case.with_values(**{hot[0]: targets.reshape(shape)})


def _real_case(contract: Contract, seed: int, symbol: str) -> Case:
    """A case in which one size is as in training, and the others are small.

    Weights and `dout` are divided by the square root of that size: the absolute terms of a sum over
    it then add up to no more than those of a short sum, and the tolerance stays what it is. Its
    roundings are of random sign, and add up to the square root of their number: 28 for 784.
    """
    sizes = {s: SMALL[i % len(SMALL)] for i, s in enumerate(contract.symbols)} | {
        symbol: REAL[symbol]
    }
    share = 1 / math.sqrt(REAL[symbol])
    cases = []
    for case in _draws(contract, seed, sizes):
        scaled = {n: share * a for n, a in case.parameters.items() if a.ndim == 2}
        dout = None if case.dout is None else share * case.dout
        cases.append(replace(case.with_values(**scaled), dout=dout))
    kinks = contract.promises.kinks
    # Below Relu's kink there is no gradient to be wrong.
    return cases[0] if kinks is None else max(cases, key=lambda c: (kinks(c.arrays) > 0).mean())
