"""Finite differences: is backward the derivative of the subject's own forward?

Central differences of <dout, forward(.)> in float64 for every entry of every operand and
parameter, with two step sizes, so that each number comes with an estimate of its own error. Of
large arrays one slope along a random direction (`projection.py`).
The witness knows nothing of what forward should be.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from trigrad.cases.case import Case
from trigrad.cases.kinds import SMALL_KINDS
from trigrad.cases.kinks import moved
from trigrad.claim.answers import Answers
from trigrad.claim.claim import (
    HOLDS,
    Aspect,
    Claim,
    Finding,
    Severity,
    Witness,
    not_applicable,
    refuted,
    unsettled,
)
from trigrad.claim.evidence import Evidence
from trigrad.claim.quantity import gradient
from trigrad.contracts.schema import Array, Contract
from trigrad.defaults import ENTRY_BY_ENTRY
from trigrad.messages import Message
from trigrad.numerics import tolerance
from trigrad.witnesses.precision import hidden, roundoff, single_inside
from trigrad.witnesses.projection import check_projected

FEW_ENTRIES = 32
"""The same for a declared layer: PyTorch tells its entries, and its forward may be slow."""

REDRAWS = 3
"""How often another point is tried where the derivative is not known well enough (a kink)."""

CONFIRMING = (3, 7, 29)
"""Multiples of the steps with which a mismatch is measured again before it counts.

They are odd: a forward that rounds its results then has another error with each of them.
"""

CLEAR = 8
"""A mismatch counts if it is this many times the spread of those measurements."""


@dataclass(frozen=True, eq=False)
class Differences:
    """Numerical derivatives of <dout, forward> for every entry of one array.

    All in the array's shape: `slope`, the `error` estimated for it, the one-sided slopes `left`
    and `right`; whether there is a `kink` at the entry, and whether the entry is `settled`: no
    kink, and known to three digits.
    """

    slope: Array
    error: Array
    left: Array
    right: Array
    kink: Array
    settled: Array


def differences(answers: Answers, name: str, multiple: int = 1) -> Differences:
    """Differentiate the subject's forward with respect to one operand or parameter.

    Four evaluations an entry (plus and minus, two steps) and one at the point itself, in one
    batch; each builds its own object, so that no state is carried from one to the next.
    `multiple` widens both steps.

    Raises:
        AbsentError: forward raised at one of the points, or gave something else than an array.
    """
    case = answers.case
    array = case.arrays[name]
    coarse_step, fine_step = (multiple * step for step in tolerance.step_sizes())
    offsets = (coarse_step, -coarse_step, fine_step, -fine_step)
    points = np.repeat(array[np.newaxis], 1 + 4 * array.size, axis=0)
    flat = points.reshape(len(points), array.size)
    for entry in range(array.size):
        flat[1 + 4 * entry : 5 + 4 * entry, entry] += offsets
    outputs = answers.outputs_at(name, points)
    weight = np.ones(()) if case.dout is None else case.dout
    along = tuple(range(1, outputs.ndim))
    values = np.asarray(np.sum(weight * outputs, axis=along, dtype=np.float64))
    dtype = outputs.dtype
    eps = float(np.finfo(dtype).eps) if dtype.kind == "f" else float(np.finfo(np.float64).eps)
    terms = max(tolerance.magnitude(answers.contract, case), float(np.abs(values).max()))
    rounding = tolerance.difference_rounding(fine_step, terms, eps)
    around = values[1:].reshape(*array.shape, 4)
    return _combine(values[0], around, (coarse_step, fine_step), rounding)


def _combine(
    centre: np.float64, around: Array, steps: tuple[float, float], rounding: float
) -> Differences:
    coarse_step, fine_step = steps
    up, down, near_up, near_down = np.moveaxis(around, -1, 0)
    coarse = (up - down) / (2 * coarse_step)
    fine = (near_up - near_down) / (2 * fine_step)
    error = tolerance.difference_truncation(coarse, fine) + rounding
    slope = (4 * fine - coarse) / 3  # Richardson's extrapolation
    known = tolerance.THREE_DIGITS * np.maximum(np.abs(slope), 1.0)
    # A smooth function bends: its one-sided slopes differ by h * f'', half as much for half the
    # step. At a kink they differ by the jump, whatever the step; near one, by the jump at one
    # step and by nothing at the other, which the error estimate shows.
    bend = np.abs(up - 2 * centre + down) / coarse_step
    near_bend = np.abs(near_up - 2 * centre + near_down) / fine_step
    kink = (near_bend > 0.75 * bend) & (near_bend > known + rounding)
    settled = np.isfinite(slope) & ~kink & (error <= known)
    left = (centre - near_down) / fine_step
    right = (near_up - centre) / fine_step
    return Differences(slope, error, left, right, kink, settled)


def check_gradient(name: str, answers: Answers) -> Finding:
    """The gradient is the derivative of the subject's own forward."""
    entry_by_entry = ENTRY_BY_ENTRY if answers.contract.own is None else FEW_ENTRIES
    if answers.case.arrays[name].size > entry_by_entry:
        return check_projected(name, answers)
    kink, dtype = False, np.dtype(np.float64)
    for times in range(REDRAWS + 1):
        case = answers.case if times == 0 else moved(answers.contract, answers.case, times)
        here = answers if times == 0 else answers.on(case)
        here.gradient(name)  # without it there is nothing to compare with: AbsentError
        found = differences(here, name)
        if not np.isfinite(here.output).all():
            return unsettled(Message("forward.not_finite"))
        kink |= bool(found.kink.any())
        dtype = here.output.dtype
        if found.settled.all():
            finding = _judge(here, name, found)
            if finding is not None:
                return finding
    coarse = str(dtype) if dtype.kind == "f" and dtype != np.float64 else ""
    if coarse or single_inside(answers):
        return not_applicable(Message("forward.too_coarse", dtype=coarse or "float32"))
    if kink:
        return unsettled(Message("forward.kinks", points=REDRAWS + 1))
    return unsettled(Message("forward.not_differentiable", points=REDRAWS + 1))


def _judge(answers: Answers, name: str, found: Differences) -> Finding | None:
    """Whether the gradient agrees; None where the differences cannot be trusted.

    Their error estimate takes forward to be smooth, and is too small for a forward that rounds or
    is noisy. So a mismatch is measured again with other steps: a real one stays the same, while
    the effect of rounding or noise changes with each of them.
    """
    is_ = answers.gradient(name)
    error = np.abs(is_ - found.slope)
    allowance = tolerance.allowance(answers.contract, answers.case)
    worst = float(np.max(error - found.error, initial=0.0))
    rounding = roundoff(answers, answers.case, worst, allowance, is_)
    allowed = found.error + rounding + allowance
    wrong = ~(error <= allowed)  # a NaN is wrong
    if not wrong.any():
        if hidden(answers, allowance):
            return unsettled(Message("own.hidden", quantity=gradient(name)))
        return HOLDS
    slopes = [found.slope, *(differences(answers, name, by).slope for by in CONFIRMING)]
    spread = np.max(slopes, axis=0) - np.min(slopes, axis=0)
    clear = wrong & ~(error < CLEAR * spread)
    if not clear.any():
        return None
    quantity = gradient(name)
    largest = np.where(clear, np.where(np.isnan(error), np.inf, error), -1.0)
    place = np.unravel_index(np.argmax(largest), error.shape)
    return refuted(
        Message("derivative.other", quantity=quantity),
        Evidence(
            *(quantity, answers.case, is_, found.slope),
            error=float(error[place]),
            tolerance=float(allowed[place]),
        ),
    )


def check_at_kink(name: str, answers: Answers) -> Finding:
    """At a kink the gradient lies between the slopes on either side."""
    case = _on_kink(answers, name)
    here = answers.on(case)
    is_ = here.gradient(name)
    found = differences(here, name)
    low, high = np.minimum(found.left, found.right), np.maximum(found.left, found.right)
    # One-sided slopes are off by h * f'' / 2, where the function is smooth on that side.
    allowed = found.error + tolerance.roundoff(answers.contract, case, is_)
    allowed = allowed + tolerance.step_sizes()[1]
    if np.all((is_ >= low - allowed) & (is_ <= high + allowed)):
        return HOLDS
    quantity = gradient(name)
    words = Message("derivative.not_between", quantity=quantity, name=name, at=_kink(answers))
    return refuted(words, Evidence(quantity, case, is_, found.right))


def _kink(answers: Answers) -> float:
    at = answers.contract.promises.kink_at
    assert at is not None, "asked of rows with a kink only"
    return at


def _on_kink(answers: Answers, name: str) -> Case:
    at = np.array(answers.case.arrays[name])
    at.reshape(-1)[0] = _kink(answers)
    return answers.case.with_values(**{name: at})


def check_convention(name: str, answers: Answers) -> Finding:
    """At its kink the gradient is the lower one-sided slope: 0, as in the book and PyTorch."""
    case = _on_kink(answers, name)
    here = answers.on(case)
    is_ = here.gradient(name)
    found = differences(here, name)
    should_be = is_.copy()
    slopes = (found.left.reshape(-1)[0], found.right.reshape(-1)[0])
    should_be.reshape(-1)[0] = min(slopes, key=abs)
    if np.all(np.abs(is_ - should_be) <= tolerance.roundoff(answers.contract, case, is_)):
        return HOLDS
    quantity = gradient(name)
    words = Message("derivative.convention", quantity=quantity, name=name, at=_kink(answers))
    return refuted(words, Evidence(quantity, case, is_, should_be))


def claims(contract: Contract) -> Iterator[Claim]:
    """One claim for each gradient that a row promises."""
    claim = partial(Claim, contract, witness=Witness.FINITE_DIFFERENCES, aspect=Aspect.VALUE)
    for name in contract.gradients:
        quantity = gradient(name)
        needs = (f"{quantity.id} shape",)
        yield claim(
            name=quantity.id,
            title=Message("claim.quantity", quantity=quantity),
            severity=Severity.MUST,
            check=partial(check_gradient, name),
            needs=needs,
            about=quantity,
            special=SMALL_KINDS,
        )
        if contract.promises.kink_at is not None:
            yield claim(
                name=f"{quantity.id} at the kink",
                title=Message("claim.at_kink", quantity=quantity),
                severity=Severity.MUST,
                check=partial(check_at_kink, name),
                needs=needs,
            )
            yield claim(
                name=f"{quantity.id} at the kink is 0",
                title=Message("claim.at_kink_is_0", quantity=quantity),
                severity=Severity.SHOULD,
                check=partial(check_convention, name),
                needs=needs,
            )
