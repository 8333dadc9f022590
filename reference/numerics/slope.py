"""The slope of a scalar function along a line, with an estimate of its own error.

The inner product of a gradient with a direction is the derivative along it, so one slope speaks
of every entry of an array, whatever its size. The function is known only by its values on the
line, `values_at([t, ...])`: it may be a loss that reads arrays in place, or the projection of a
layer's forward in another process.
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
"""Where a slope is measured, in steps: on both sides, with a whole step and with half of it."""

TRIALS = 6
"""How many step sizes a slope is measured with at the most, and how far apart they are."""
FACTOR = 8.0

NOISE = 2.0**-18
"""Share of a function's value that may be noise: more than that of a few dozen roundings to
float32, which a function may contain without its values showing it."""

BESIDE = (1 / 1.75, 1.75, 1 / 4, 4.0)
"""Multiples of the step with which a mismatch is measured again before it counts.

The near ones know the slope almost as well; the far ones tell a mistake from noise, a rounding
inside the function or a few kinks, whose share changes with the step.
"""

CLEAR = 8
"""Times the error of a slope that a mismatch must be to count where the slope may not be local:
with a kink beside it, or with the largest step."""

SEES = 3 / 4
"""The error of a slope, in mismatches, with which it still tells one from none."""

SMALL = 1 / 4
"""The multiple that must see it where bends or kinks are more than rounding."""

LARGEST = 0.25
"""The largest step: within a quarter of an array's own size a slope is taken to be local.

Beyond, a function may have bends and kinks that its rounding hides, and a slope that is
another altogether.
"""

FARTHEST = 4.0
"""A function that did not change at all is tried with steps up to this size of the arrays."""


@dataclass(frozen=True)
class Slope:
    """The derivative along a line, `value`, off by `error` by estimate.

    The estimate is a bound for a smooth function and for one kink; several kinks can be off by
    more.

    `step` is the one it was measured with; `rounding` the part of the error that comes from the
    rounding of the function's values, `rough` what its values miss a parabola by (a fourth
    difference). `kink`: the slopes on either side differ. `flat`: the function did not change.
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
        """Whether there were numbers to measure it from."""
        return bool(np.isfinite(self.error))

    @property
    def missed(self) -> float:
        """What the function's values miss a line by, more than their rounding."""
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
    """The slope with the step that knows it best, or with the first that knows it to `goal`.

    A smaller step gets out of the reach of a kink and of the function's bends, a larger one
    above its noise; which of the two is needed is seen from the last.
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
            best = min((_honest(trial, trials) for trial in trials), key=lambda s: s.error)
            smooth = way > 1 or trials[-1].missed <= noise
            if trials[-1].known and best.step != now and smooth:
                break  # no better than before: the other way, if none was
        if best.step != step:
            break
    return replace(
        best,
        kink=best.kink
        or any(_reaches(best, trial) or _wilder(trial, best, noise) for trial in trials),
    )


def _reaches(slope: Slope, near: Slope) -> bool:
    """Whether a kink that a smaller step has seen is in a slope too.

    Its share of the slope is the same with any larger step; that of noise shrinks.
    """
    if not near.kink or near.step > slope.step:
        return False
    return slope.rough / slope.step > near.rough / near.step / 2


def _noise(centre: float, rounding: float) -> float:
    """How much of what values miss a line by may be noise."""
    return max(NOISE * abs(centre), tolerance.missed_through(rounding))


def _wilder(near: Slope, slope: Slope, noise: float) -> bool:
    """Whether a smaller step finds no less of what is not noise.

    The function jumps or oscillates between the points then. The farther they are apart, the
    better the slope seems to be known, and the less it tells.
    """
    nearer = near.known and near.step < slope.step
    return nearer and near.missed > max(noise, slope.missed / 2)


def _honest(slope: Slope, trials: list[Slope]) -> Slope:
    """The slope with the noise that smaller steps have shown.

    What a smooth function misses a parabola by shrinks with the step; what doesn't is noise of
    its values, which one lucky measurement must not hide.
    """
    noise = max(
        (trial.rough for trial in trials if trial.known and trial.step < slope.step), default=0.0
    )
    if noise <= slope.rough:
        return slope
    return replace(slope, error=slope.error + (noise - slope.rough) / (2 * slope.step))


def stands(
    values_at: ValuesAt, centre: float, rounding: float, slope: Slope, expected: float
) -> bool:
    """Whether a slope that is not the expected one stays so with other steps.

    One with another step must know the slope well enough to see the mismatch, and find the same.
    One that finds clearly another slope speaks against it.
    """
    missed = slope.value - expected
    if slope.error > abs(missed) / 2:
        return False
    steps = [slope.step * by for by in BESIDE]
    if slope.flat:
        # Values that are rounded hide what a small step changes.
        far = slope.step * FACTOR
        while far <= FARTHEST:
            steps.append(far)
            far *= FACTOR
    seen = []
    for step in steps:
        again = slope_with(values_at, centre, rounding, step)
        found = again.value - expected
        if not again.known:
            continue
        if _wilder(again, slope, _noise(centre, rounding)):
            return False
        if abs(found - missed) > max(again.error + slope.error, abs(missed) / 2):
            return False
        if again.kink and abs(missed) < CLEAR * again.error:
            return False
        if again.error <= SEES * abs(missed):  # else it cannot see a mismatch of this size
            seen.append(step)
    rough = slope.error > 3 * slope.rounding
    if not seen or (rough and slope.step * SMALL not in seen):
        return False
    # With the largest step the function's noise may hide bends and kinks nearer to the point. They
    # change a slope by about as much as it is: a mismatch far smaller is none of their making.
    usual = tolerance.THREE_DIGITS * max(abs(slope.value), abs(expected))
    return not (slope.step * FACTOR > LARGEST and usual < abs(missed) < CLEAR * slope.error)
