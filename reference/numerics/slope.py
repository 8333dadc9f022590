"""The slope of a scalar function along a line, with an estimate of its own error.

The inner product of a gradient with a direction is the derivative along it, so one slope checks
every entry of an array, whatever its size. Of the function only its values on the line are used,
`values_at([t, ...])`: it may be a loss that reads arrays in place, or <dout, forward> of a layer in
another process.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from trigrad.contracts.schema import Array
from trigrad.numerics import tolerance

ValuesAt = Callable[[Sequence[float]], Array]
"""The function's values, shape (k,), at k distances from the point along the line."""

OFFSETS = (1.0, -1.0, 0.5, -0.5)
"""The points of a measurement, in steps: on both sides, a whole step and half a step away."""

TRIALS = 6
"""How many step sizes are tried at most in one direction."""

FACTOR = 8.0
"""From one step size to the next."""

NOISE = 2.0**-18
"""Share of a function's value that may be noise: a few dozen roundings to float32 make less.

A function may compute in float32 inside and return float64.
"""

BESIDE = (1 / 1.75, 1.75, 1 / 4, 4.0)
"""Multiples of the step with which a mismatch is measured again before it counts.

With the near ones the slope is known almost as well. With the far ones the effects of noise,
rounding inside the function or a few kinks change; a mistake stays the same.
"""

CLEAR = 8
"""A mismatch must be this many times the slope's error if the slope may not be local.

That is with a kink nearby, or with the largest step.
"""

SEES = 3 / 4
"""A measurement can confirm a mismatch if its error is at most this share of it."""

SMALL = 1 / 4
"""The multiple with which a mismatch must be confirmed if there is more than rounding."""

LARGEST = 0.25
"""The largest step: up to a quarter of an array's own size a slope is taken to be local.

Farther away a function may have bends and kinks, and quite another slope.
"""

FARTHEST = 4.0
"""If the function did not change at all, steps up to this multiple of the arrays are tried."""


@dataclass(frozen=True)
class Slope:
    """The derivative along a line, `value`, with an estimate of its `error`.

    The estimate is a bound for a smooth function and for one with a single kink; with several
    kinks the error can be larger.

    `step` is the step of the measurement, `rounding` the part of the error that comes from the
    rounding of the function's values, and `rough` by how much its values deviate from a parabola
    (a fourth difference). `kink`: the slopes on the two sides differ. `flat`: all values are equal.
    """

    value: float
    error: float
    step: float
    rounding: float
    rough: float
    kink: bool
    flat: bool

    @property
    def known(self) -> bool:
        """Whether all values were finite numbers."""
        return bool(np.isfinite(self.error))

    @property
    def bend(self) -> float:
        """By how much the function's values deviate from a line, beyond their rounding."""
        return (self.error - self.rounding) * self.step


def slope_with(values_at: ValuesAt, centre: float, rounding: float, step: float) -> Slope:
    """The slope from one pair of steps: four values, and the one at the point.

    Args:
        values_at: the function on the line.
        centre: its value at the point.
        rounding: how far a single value may be off (`tolerance.value_rounding`).
        step: the whole step, in the units of the line.
    """
    values = np.asarray(values_at([step * o for o in OFFSETS]), dtype=np.float64)
    if not np.isfinite(values).all():
        return Slope(np.nan, np.inf, step, np.inf, np.inf, kink=False, flat=False)
    # Differences from the centre first: they are exact, or nearly, where the values are close.
    up, down, near_up, near_down = (float(v) for v in values - centre)
    whole = (up - down) / (2 * step)
    half = (near_up - near_down) / step
    bend, near_bend = up + down, near_up + near_down
    rough = abs(4 * near_bend - bend)
    rounded = tolerance.slope_rounding(rounding, step)
    error = tolerance.slope_truncation(whole, half, rough, step) + rounded
    kink = abs(near_bend) > 0.375 * abs(bend) and rough / (2 * step) > FACTOR * rounded
    flat = not (up or down or near_up or near_down)
    return Slope((4 * half - whole) / 3, error, step, rounded, rough, kink, flat)


def slope_along(
    values_at: ValuesAt, centre: float, rounding: float, step: float, goal: float
) -> Slope:
    """The slope with the smallest error over several steps, or the first that is exact to `goal`.

    Smaller steps avoid a nearby kink and the function's bends, larger ones its noise. Which of the
    two helps is decided after the first measurement.
    """
    trials = [slope_with(values_at, centre, rounding, step)]
    best = trials[0]
    noise = _noise(centre, rounding)
    ways = (1 / FACTOR, FACTOR)
    if best.known and best.error < 2 * best.rounding:
        ways = (FACTOR, 1 / FACTOR)
    for way in ways:
        now = step
        for _ in range(TRIALS - 1):
            if best.error <= goal or now * way > LARGEST:
                break
            now *= way
            trials.append(slope_with(values_at, centre, rounding, now))
            best = min((_with_noise(trial, trials) for trial in trials), key=lambda s: s.error)
            smooth = way > 1 or trials[-1].bend <= noise
            if trials[-1].known and best.step != now and smooth:
                break  # no better: steps in the other direction, if none in this one was
        if best.step != step:
            break
    kink = any(_includes_kink(best, trial) or _oscillates(trial, best, noise) for trial in trials)
    return _with_unseen(replace(best, kink=best.kink or kink))


def _with_unseen(slope: Slope) -> Slope:
    """The slope, its error at least what values that are all equal do not show."""
    if not slope.flat:
        return slope
    unseen = tolerance.unseen_slope(slope.step)
    return replace(slope, error=max(slope.error, unseen), rounding=max(slope.rounding, unseen))


def _includes_kink(slope: Slope, near: Slope) -> bool:
    """Whether a slope includes a kink that a smaller step has found.

    The effect of a kink on the slope is the same with any larger step; that of noise gets smaller.
    """
    if not near.kink or near.step > slope.step:
        return False
    return slope.rough / slope.step > near.rough / near.step / 2


def _noise(centre: float, rounding: float) -> float:
    """By how much values may deviate from a line through noise alone."""
    return max(NOISE * abs(centre), tolerance.bend_through(rounding))


def _oscillates(near: Slope, slope: Slope, noise: float) -> bool:
    """Whether the function jumps or oscillates between the points.

    Then its values do not come nearer to a line with a smaller step; and with a larger one the
    estimated error is too small.
    """
    nearer = near.known and near.step < slope.step
    return nearer and near.bend > max(noise, slope.bend / 2)


def _with_noise(slope: Slope, trials: list[Slope]) -> Slope:
    """The slope, its error enlarged by the noise that smaller steps have shown.

    The deviation of a smooth function from a parabola shrinks with the step. What does not shrink
    is noise, and a single measurement may show too little of it by chance.
    """
    noise = max(
        (trial.rough for trial in trials if trial.known and trial.step < slope.step), default=0.0
    )
    if noise <= slope.rough:
        return slope
    return replace(slope, error=slope.error + (noise - slope.rough) / (2 * slope.step))


def confirmed(
    values_at: ValuesAt, centre: float, rounding: float, slope: Slope, expected: float
) -> bool:
    """Whether a mismatch between a slope and the expected value is found with other steps, too.

    At least one other step must give the slope exactly enough to show the mismatch, and none may
    give a clearly different slope.
    """
    mismatch = slope.value - expected
    if slope.error > abs(mismatch) / 2:
        return False
    steps = [slope.step * by for by in BESIDE]
    if slope.flat:
        # The values may be rounded so much that small steps do not change them.
        far = slope.step * FACTOR
        while far <= FARTHEST:
            steps.append(far)
            far *= FACTOR
    seen = []
    for step in steps:
        again = _with_unseen(slope_with(values_at, centre, rounding, step))
        found = again.value - expected
        if not again.known:
            continue
        if _oscillates(again, slope, _noise(centre, rounding)):
            return False
        if abs(found - mismatch) > max(again.error + slope.error, abs(mismatch) / 2):
            return False
        if again.kink and abs(mismatch) < CLEAR * again.error:
            return False
        if again.error <= SEES * abs(mismatch):  # otherwise it cannot show the mismatch
            seen.append(step)
    rough = slope.error > 3 * slope.rounding
    if not seen or (rough and slope.step * SMALL not in seen):
        return False
    # With the largest step, noise may hide bends and kinks nearer to the point. They change a slope
    # by about its own size, so a far smaller mismatch has another cause.
    usual = tolerance.THREE_DIGITS * max(abs(slope.value), abs(expected))
    return not (slope.step * FACTOR > LARGEST and usual < abs(mismatch) < CLEAR * slope.error)
