"""Every tolerance, each with its derivation. None grows with the size of an array.

Notation: eps is the unit of the results' dtype (2.2e-16 for float64), u = eps / 2 the largest
relative error of one rounding.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import cache

import numpy as np

from trigrad.cases.case import Case
from trigrad.contracts.schema import Array, Contract

TERMS = 32
"""A bound on the terms of the longest sum: 27 products and a bias for a 3 * 3 * 3 tensor."""

ROUNDINGS = 64
"""Roundings on the longest path from an entry of a case to an entry of a result.

One for each term of the longest sum, and up to 32 for what comes before and after it: products,
softmax, logarithm, mean, and the backward pass of TwoLayerNet. An exponential or logarithm of
NumPy or PyTorch is exact to a few units in the last place, and counts as that many roundings.
"""

EPS = float(np.finfo(np.float64).eps)
EPS_32 = float(np.finfo(np.float32).eps)

THREE_DIGITS = 2.0**-10
"""A witness does not judge by a number that it does not know to three digits."""


def magnitude(contract: Contract, case: Case) -> float:
    """A bound on the sum of the absolute terms of any sum on the way to a result.

    Every row of the table is multilinear in its arrays up to functions with slopes of at most 1
    (Relu, sigmoid, log-softmax), so a term is at most the product over the arrays of their
    largest entries, where one smaller than 1 counts as 1, since it may be left out of a product.
    A sum has at most TERMS of them.
    """
    bound = TERMS * case.product_of_largest
    if contract.scalar:
        bound *= 2.0  # a logarithm of a probability of at least e**-(2 * the largest logit)
    return bound


@cache
def _eps(dtype: np.dtype[np.floating]) -> float:
    return float(np.finfo(dtype).eps)


def roundoff(contract: Contract, case: Case, *results: Array) -> float:
    """How far two right results of the same formula can differ through rounding alone.

    The error of a computed sum is at most (number of roundings) * u * (sum of the absolute terms)
    (Higham, "Accuracy and Stability of Numerical Algorithms", 2nd edition, section 3.1). Each of
    the two may be off by that, which makes ROUNDINGS * eps * magnitude. eps is that of the dtype of
    the `results`: what was computed in float32 is compared with the precision of float32.
    """
    eps = max((_eps(r.dtype) for r in results if r.dtype.kind == "f"), default=EPS)
    # At most that of float32: a bound with float16's is larger than the numbers themselves.
    eps = min(eps, EPS_32)
    bound = magnitude(contract, case)
    if contract.own is not None:  # no row of the table: its slopes may be larger than 1
        finite = (np.abs(r[np.isfinite(r)]) for r in results)
        bound = max([bound, *(TERMS * float(each.max(initial=0.0)) for each in finite)])
    return ROUNDINGS * eps * bound


def network_roundoff(case: Case) -> dict[str, float]:
    """The same for TwoLayerNet of any size: of its loss ("output"), and of each gradient.

    `roundoff` bounds every sum by TERMS terms, which 784 pixels are not. Here the absolute terms
    of the sums are added up, forward to the scores and back to each parameter; an entry of a
    gradient is off by at most (number of roundings) * u * (that sum), and both of two may be. The
    softmax passes on the scores' errors as relative ones: the factor 1 + (largest score).
    """
    a, n = case.arrays, case.sizes
    hidden = np.abs(a["x"]) @ np.abs(a["W1"]) + np.abs(a["b1"])
    scores = hidden @ np.abs(a["W2"]) + np.abs(a["b2"])
    # One for each term of the longest sums there and back, and 32 for softmax, logarithm, mean.
    roundings = n["I"] + n["H"] + n["O"] + n["N"] + 32
    unit = roundings * EPS * (1 + float(scores.max()))
    upstream = np.ones_like(a["t"]) / n["N"]  # |y - t| is at most 1
    back = upstream @ np.abs(a["W2"]).T
    sums = {
        "W1": np.abs(a["x"]).T @ back,
        "b1": back.sum(axis=0),
        "W2": hidden.T @ upstream,
        "b2": upstream.sum(axis=0),
    }
    return {"output": unit} | {name: unit * float(each.max()) for name, each in sums.items()}


def allowance(contract: Contract, case: Case) -> float:
    """By how much a result may be off beside rounding, as the contract derives it from the case.

    For a constant d inside the logarithm: log(p + d) - log(p) <= d / p, and the derivative of
    log(p + d) is that of log(p) times p / (p + d), so it is off by at most the share d / p.
    """
    if contract.own is not None:
        return contract.own.allowance(case.arrays, case.dout)
    return 0.0 if contract.promises.allowance is None else contract.promises.allowance(case.arrays)


def allowed(contract: Contract, case: Case, *results: Array) -> float:
    """How far a right result may be from the truth: rounding and what the contract allows."""
    return roundoff(contract, case, *results) + allowance(contract, case)


def relation(contract: Contract, case: Case, should_be: Array, *arrays: Array) -> float:
    """How far a wrong result may be from what a relation to the right one predicts.

    A wrong formula is made of the same arrays with one factor more or less. Its terms, and what the
    contract allows for each of them, are larger than those of the right one by at most that factor.
    The factor is at most the largest of: the result itself, the result divided by the right one,
    and the batch size (for a sum instead of a mean). `arrays` are what is compared.
    """
    largest = [float(np.abs(a[np.isfinite(a)]).max(initial=0.0)) for a in arrays]
    right = float(np.abs(should_be).max(initial=0.0))
    factor = max(largest) / right if right else 1.0
    batch = float(case.sizes["N"]) if contract.promises.mean else 1.0
    return allowed(contract, case) * max(1.0, factor, batch, *largest)


def step_sizes() -> tuple[float, float]:
    """The two steps of the central differences, h and h / 2.

    Powers of two, so that x + h is exact for the quarters that are drawn. At h = 2**-10 the
    truncation h**2 * f''' / 6 is near 1e-7 and the round-off eps / h near 2e-13 for values of
    order 1: differences this coarse keep the truncation measurable against the round-off, and
    the extrapolation then removes most of it.
    """
    return 2.0**-10, 2.0**-11


def difference_truncation(coarse: Array, fine: Array) -> Array:
    """The truncation error of the fine central difference, entry by entry.

    Central differences are D(h) = f' + c h**2 + O(h**4), so that of D(h / 2) is
    (D(h) - D(h / 2)) / 3 (Richardson). It stays the estimate after extrapolation, which makes it
    a bound with room to spare.
    """
    return np.asarray(np.abs(coarse - fine) / 3)


def difference_rounding(step: float, terms: float, eps: float) -> float:
    """The round-off of a central difference with that step.

    Each of the evaluations is off by at most ROUNDINGS * u * terms, where `terms` is the
    magnitude of the case; two of them, divided by 2 h, make half of what is allowed here.
    """
    return ROUNDINGS * eps * terms / step


def probe_step(eps: float) -> float:
    """The first step along a line, where 1 moves an array by about its own size.

    The error of a slope is c h**2 + 3 d / h for a rounding d of the values, least near
    h = eps**(1 / 3) for functions that bend on the scale of 1. Networks bend on a larger scale
    than their weights', so it starts above, at a power of two: 2**-11 in float64, 2**-5 in
    float32. Other steps are tried where this one proves too rough.
    """
    return float(2.0 ** np.round(np.log2(eps) * 0.21))


def value_rounding(value: float, eps: float, moved: float) -> float:
    """How far one value of a loss is usually off through rounding.

    A loss is a sum or mean of terms, each with a few dozen roundings on its way (ROUNDINGS),
    of random sign: together their square root, 8, times u times the loss. `moved` is what the
    rounding of the moved entries adds: entries of at most m are off by u m each, at random, which
    moves the loss by u m |gradient|. If a loss is noisier, its fourth differences show it, which
    `slope_truncation` includes.
    """
    return float(eps / 2 * (np.sqrt(ROUNDINGS) * abs(value) + moved))


def grains(value: float) -> tuple[float, float]:
    """The largest powers of two and of ten that a value is a whole multiple of.

    A float32 that is read as a float64 ends in 29 zero bits, and a value that was rounded to 6
    decimals is a multiple of 1e-6. If all values of a function are multiples of such a grain, each
    is off by up to half of it. By chance the last k bits are zero in one of 2**k values.
    """
    if not value:
        return np.inf, np.inf
    numerator, denominator = float(value).as_integer_ratio()
    exponent = Decimal(repr(float(value))).normalize().as_tuple().exponent
    return (numerator & -numerator) / denominator, 10.0 ** int(exponent)


def slope_rounding(rounding: float, step: float) -> float:
    """The rounding of Richardson's (4 half - whole) / 3, for values that are off by `rounding`.

    half = (f(h/2) - f(-h/2)) / h is off by 2 d / h, whole by d / h: (8 + 1) / 3 = 3 d / h.
    """
    return 3 * rounding / step


def unseen_slope(step: float) -> float:
    """The largest slope of a function whose values do not show that it changes.

    A value may be small because large numbers cancelled in it: log(1 + e) is 0 for every e below
    u, as in the loss of a network that is sure and right. Numbers of order 1 hide a change of up
    to u, half a step away on each side; so a slope of 2 u / step may look like 0.
    """
    return EPS / step


def slope_truncation(whole: float, half: float, rough: float, step: float) -> float:
    """The error of a slope through bends, noise and kinks near the point.

    For a smooth function |whole - half| is some 3/4 c h**2, while the extrapolated slope is off by
    O(h**4): room to spare. For one kink with a jump J of the slope at a distance of q steps, the
    slope is off by J |3 - 7 q| / 6 up to half a step and J (1 - q) / 6 beyond; |whole - half| is
    J q / 2 and J (1 - q) / 2; the fourth difference f(h) - 4 f(h/2) + 6 f(0) - 4 f(-h/2) + f(-h)
    is J h |1 - 3 q| and J h (1 - q). So |whole - half| + fourth / (2 h) is a bound for any q.
    """
    return abs(whole - half) + rough / (2 * step)


def bend_through(rounding: float) -> float:
    """How far five values may deviate from a line through rounding, beyond `slope_rounding`.

    |whole - half| is off by 3 d / h and the fourth difference by (1 + 4 + 6 + 4 + 1) d, of which
    `slope_truncation` takes 1 / (2 h): 11 d / h together, less the 3 d / h.
    """
    return 8 * rounding


DOUBT = 2
"""A slope may be off by this many times its estimated error before that is a mismatch.

The estimate comes from a few values. If their noise is larger than their rounding, the estimate is
random, too, and half of the time it is too small.
"""


def resolution(allowed: float) -> float:
    """The error of one entry that a slope is sure to show, if mismatches up to `allowed` pass.

    An entry of the direction is at least 1/2, so a wrong entry e shifts the slope by |e| / 2,
    of which the slope's own error hides at most allowed / 2. At e = 4 allowed, 3/2 allowed are
    left, enough to be confirmed with other steps, whose error is about twice as large.
    """
    return 4 * allowed


VISIBLE = 1 / 4
"""A gradient is undecided if a slope is not known to this share of the gradient's length."""

UNSEEN = 2.0**-10
"""The probability with which a gradient that is entirely wrong may pass."""


def directions_for(share: float) -> int:
    """How many directions are needed to notice an entirely wrong gradient: zeros, another sign.

    share: of the gradient's length L, the mismatch that passes. The slope that such a gradient
    misses is its inner product with a direction, whose mean square is 7/12 L**2 (the mean of u**2
    for u from 1/2 to 1). Of many entries it is nearly normal, so the chance that it is within
    3/2 of what passes (the slope's own error is up to half of that) is at most
    3 share / sqrt(2 pi 7/12) = 1.57 share in each direction.
    """
    chance = min(3 * share / np.sqrt(2 * np.pi * 7 / 12), 0.5)
    return max(1, int(np.ceil(np.log(UNSEEN) / np.log(chance)))) if chance > 0 else 1


def probe_goal(size: float, eps: float) -> float:
    """An error of a slope that is small enough, so that no other step is tried. Not a tolerance.

    eps**0.28 (4e-5 in float64, 1e-2 in float32) of an entry of the gradient, which is `size`,
    with the factor of `resolution`.
    """
    return float(size * eps**0.28 / resolution(1.0))


MEASURED = 16
"""Roundings of a number that is measured by a value of the function in which it is."""

DIGITS = 12
"""A number that somebody has written has at most so many digits."""


def shortest(number: float, eps: float) -> float:
    """The number that was written where `number` was measured: that with the fewest digits.

    It is the measured one itself where more than DIGITS would be needed, as for a third. `eps` is
    that of the dtype in which it was measured.
    """
    for digits in range(1, DIGITS + 1):
        written = float(f"{number:.{digits}g}")
        if abs(written - number) <= MEASURED * eps * abs(number):
            return written
    return number


def of_program(steps: int, sizes: Sequence[float], lower: float, eps: float) -> float:
    """How far a number of a program on an engine may be off through rounding.

    Each step makes at most ROUNDINGS roundings on the way there and as many on the way back, of
    numbers that are at most the product of the `sizes`: the largest value, and the largest
    derivative of the output by any value. How much the program itself enlarges a rounding is not
    in that: it is measured. `lower` is by how much the number changes where PyTorch computes all of
    it in float32, so that lower * eps / EPS_32 is what rounding to this eps does on the same way.
    """
    bound = float(np.prod([max(1.0, size) for size in sizes]))
    return eps * (ROUNDINGS * steps * bound + ROUNDINGS * lower / EPS_32)


STEP_ROUNDINGS = 24
"""Roundings in one step of an optimiser, in all that it remembers too: Adam has 15 operations."""


def of_steps(steps: int, start: Array, way: Array, eps: float) -> Array:
    """How far a weight may be off through rounding, after so many steps of an optimiser.

    `way` is the sum of the absolute changes where no two terms of what is remembered cancel: those
    for the absolute gradients. Each rounding is one of a number that is at most as large as that
    or as the weight; it stays in all later steps.
    """
    return STEP_ROUNDINGS * steps * eps * (np.abs(start) + way)
