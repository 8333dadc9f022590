"""The numerical gradient (section 4.3.2), judged on a function whose gradient is known."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from trigrad.contracts.schema import (
    Array,
    Arrays,
    Contract,
    Kind,
    Promises,
    Readings,
    Variable,
    Variant,
    Words,
)

SMALLEST_STEP = 1e-6
"""The smallest step h for which a numerical gradient in float64 is still a good one."""


LARGEST_STEP = 1e-3
"""The largest step h for which it is one: the book takes 1e-4."""


CUBIC = 1 / 16
"""The coefficient of x³: central differences are off by h² times that."""


def _cancelled_digits(a: Arrays) -> float:
    """How far a central difference is off: the round-off of f divided by h, and truncation.

    f has about 8 roundings a term. A one-sided difference is off by about h * c2.
    """
    x = np.abs(a["x"])
    terms = float((CUBIC * x**3 + np.abs(a["c2"]) * x**2 + np.abs(a["c1"]) * x).sum())
    rounding = 8 * float(np.finfo(np.float64).eps) * terms / SMALLEST_STEP
    return rounding + CUBIC * LARGEST_STEP**2


def _cubic(a: Arrays) -> tuple[Any, ...]:
    """(f, x) with f(x) = sum(x³ / 16 + c2 * x² + c1 * x): a step that is too large is seen."""
    x, c1, c2 = a["x"], a["c1"], a["c2"]

    # Some learners call f() and let it read x, which they change in place.
    def f(point: Array = x) -> float:
        return float(np.sum(CUBIC * point**3 + c2 * point * point + c1 * point))

    return f, x


_NUMERICAL_GRADIENT = Contract(
    name="numerical_gradient",
    kind=Kind.FUNCTION,
    operands=(Variable("x", ("D",)), Variable("c1", ("D",)), Variable("c2", ("D",))),
    output=("D",),
    twin=lambda x, c1, c2: 3 * CUBIC * x**2 + 2 * c2 * x + c1,
    promises=Promises(
        kept=("x",),
        allowance=_cancelled_digits,
    ),
    words=Words(
        formula="(f(x + h) - f(x - h)) / 2h for every element of x, x restored",
        aliases=("numericalgradient", "numericalgrad"),
        remark="f(x) = sum(x**3 / 16 + c2 * x**2 + c1 * x)",
    ),
    arguments=_cubic,
)


_NUMERICAL_GRADIENT_2D = replace(
    _NUMERICAL_GRADIENT,
    operands=tuple(Variable(name, ("N", "D")) for name in ("x", "c1", "c2")),
    output=("N", "D"),
)


NUMERICAL_GRADIENT = replace(
    _NUMERICAL_GRADIENT,
    readings=Readings(variants=(Variant("2-D x", "a 2-D x", _NUMERICAL_GRADIENT_2D),)),
)
