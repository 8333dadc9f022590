"""A single entry of a gradient beside its numerical derivative."""

from __future__ import annotations

from trigrad.gradient_check.gradient_report import Wrong
from trigrad.gradient_check.measuring import Measuring, Mismatch
from trigrad.numerics.boxes import Box
from trigrad.numerics.slope import FACTOR

CLEARLY = 8.0
"""An entry that is off by more than this many times its error needs no confirmation."""


def entry(
    measuring: Measuring, name: str, index: tuple[int, ...], goal: float | None = None
) -> Wrong:
    """What an entry of a gradient is and should be; `proven` says whether it is wrong."""
    return as_wrong(measuring, name, index, entry_mismatch(measuring, name, index, goal))


def entry_mismatch(
    measuring: Measuring, name: str, index: tuple[int, ...], goal: float | None = None
) -> Mismatch:
    """The mismatch of a single entry, along its part of the present direction."""
    if name not in measuring.directions:
        measuring.draw([name])
    # The loss bends less along a single entry than along all of them: a larger step first.
    step = measuring.first_step * FACTOR
    return measuring.mismatch([Box.entry(name, index)], step=step, goal=goal)


def as_wrong(measuring: Measuring, name: str, index: tuple[int, ...], found: Mismatch) -> Wrong:
    """The mismatch of an entry in the units of the gradient."""
    unit = measuring.scale[name] * float(measuring.directions[name][index])
    is_ = float(measuring.gradients[name][index])
    return Wrong(name, index, is_, found.slope.value / unit + 0.0, found.error / abs(unit))
