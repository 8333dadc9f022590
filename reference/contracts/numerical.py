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
    Notation,
    Promises,
    Readings,
    Variable,
    Variant,
)
from trigrad.messages import Message

SMALLEST_STEP = 1e-6
"""The smallest step h with which a numerical gradient in float64 is accurate enough."""


LARGEST_STEP = 1e-3
"""The largest such step; the book takes 1e-4."""


CUBIC = 1 / 16
"""The coefficient of x³ in f: central differences of f are off by h² times that."""


def _cancelled_digits(a: Arrays) -> float:
    """How far a central difference may be off: the round-off of f divided by h, and truncation.

    f has about 8 roundings a term. A one-sided difference is off by more: about h * c2.
    """
    x = np.abs(a["x"])
    terms = float((CUBIC * x**3 + np.abs(a["c2"]) * x**2 + np.abs(a["c1"]) * x).sum())
    rounding = 8 * float(np.finfo(np.float64).eps) * terms / SMALLEST_STEP
    return rounding + CUBIC * LARGEST_STEP**2


def _cubic(a: Arrays) -> tuple[Any, ...]:
    """(f, x) with f(x) = sum(x³ / 16 + c2 * x² + c1 * x).

    The cubic term shows a step that is too large, the quadratic one a one-sided difference.
    """
    x, c1, c2 = a["x"], a["c1"], a["c2"]

    # Some learners change x in place and call f() without an argument.
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
    notation=Notation(
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
    readings=Readings(
        variants=(Variant("2-D x", Message("input.matrix"), _NUMERICAL_GRADIENT_2D),)
    ),
)
