"""The numerical gradient (section 4.3.2), judged on a function whose gradient is known."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
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
    Settings,
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
    rounding = 8 * float(np.finfo(np.float64).eps) * _terms(a) / SMALLEST_STEP
    return rounding + CUBIC * LARGEST_STEP**2


def _terms(a: Arrays) -> float:
    """The sum of the absolute terms of f."""
    x = np.abs(a["x"])
    return float((CUBIC * x**3 + np.abs(a["c2"]) * x**2 + np.abs(a["c1"]) * x).sum())


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


SMALLEST_ONE_SIDED = 1e-9
"""The smallest step of a one-sided difference. The best is near the root of eps, 1.5e-8: much below
it, nearly nothing is left of the digits of f."""

ONE_SIDED = 1e-9
"""How far what is measured may be from it: at 0 there are a few roundings, and a step of twelve
digits, while central differences are off by all of c2 * h."""

_AT = np.zeros(3)
_BENDS = np.array([1.0, 2.0, 4.0])
"""At 0, f(h) is h**3 / 16 + c2 * h**2, without any rounding against other terms."""


def _measured_step(out: Array) -> tuple[float] | None:
    """The step h of one-sided differences, below 0 where it is taken backwards; None without one.

    There they give h**2 / 16 + c2 * h. Central ones give h**2 / 16 for every c2.
    """
    step = float(f"{float(out[2] - out[1]) / 2:.12g}")  # as it is written: 1e-3, and no more
    if not SMALLEST_ONE_SIDED <= abs(step) <= LARGEST_STEP:
        return None
    should_be = CUBIC * step**2 + _BENDS * step
    return (step,) if np.allclose(out, should_be, rtol=ONE_SIDED, atol=0) else None


def _one_sided(row: Contract, step: float) -> Contract:
    """The same row for the one-sided difference with this step, as it is without rounding."""

    def twin(x: Any, c1: Any, c2: Any) -> Any:
        slope = 3 * CUBIC * x**2 + 2 * c2 * x + c1
        return slope + step * (3 * CUBIC * x + c2) + CUBIC * step**2

    def cancelled_digits(a: Arrays) -> float:
        """Two values of f, divided by h. Of x + h a rounding is lost, and f' x is at most 3 f."""
        terms = _terms(a)
        return (2 * 8 + 3) * float(np.finfo(np.float64).eps) * terms / abs(step)

    return replace(
        row,
        twin=twin,
        promises=replace(row.promises, allowance=cancelled_digits),
        notation=replace(row.notation, formula="(f(x + h) - f(x)) / h for every element of x"),
        readings=Readings(),
    )


@lru_cache(maxsize=64)
def _with_step(step: float) -> Contract:
    """The row for one-sided differences with this step; for the same one always the same row."""
    variant = Variant("2-D x", Message("input.matrix"), _one_sided(_NUMERICAL_GRADIENT_2D, step))
    return replace(
        _one_sided(_NUMERICAL_GRADIENT, step),
        readings=Readings(variants=(variant,), settings=_SETTINGS),
        settings=(step,),
    )


_SETTINGS = Settings(
    names=("h",),
    at=_AT,
    measured=_measured_step,
    row=_with_step,
    arguments={},
    beside={"c1": np.zeros_like(_AT), "c2": _BENDS},
    words=(Message("reading.one_sided"),),
    first=True,
)


NUMERICAL_GRADIENT = replace(
    _NUMERICAL_GRADIENT,
    readings=Readings(
        variants=(Variant("2-D x", Message("input.matrix"), _NUMERICAL_GRADIENT_2D),),
        settings=_SETTINGS,
    ),
)
