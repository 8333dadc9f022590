"""What dropout drops: how many entries, by what the others are multiplied, and its test mode.

All of it is seen on an input of ones, which shows the mask.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from trigrad.cases.case import Case
from trigrad.claim.claim import HOLDS, Finding, refuted, unsettled
from trigrad.claim.evidence import Evidence
from trigrad.contracts.schema import shape_of
from trigrad.contracts.shelf.schema import Meant, Share
from trigrad.messages import Message
from trigrad.trial.identifying import Identified
from trigrad.trial.mode_calls import METHODS, Calls, Layer, first, raising

RUNS = 400
"""How often a mask is drawn."""

ENTRIES = 2000
"""So many has the input at least, where its sizes may grow: of a fixed number of entries that are
dropped, the share is then as near to what it should be as ALIKE."""

SIGMAS = 5.0
"""How far a mean of random numbers may be from what it should be: by chance in one of 2 million."""

ALIKE = 1e-3
"""How near, as a share, a number is to what it should be."""

ROUNDED = 1e-8
"""What deviates by no more does not vary."""

OF_DROPPED = ("rate", "ratio")
"""Names that say how many entries are dropped, as most use them."""


@dataclass(frozen=True)
class _Mean:
    """A mean over many masks."""

    value: float
    deviation: float
    """Its own, as the masks show it: entries may be dropped together, as in a channel."""
    rounding: float = 0.0
    """How far off it may be where always the same number of entries is dropped."""

    def allows(self, due: float) -> bool:
        """Whether it is due, but for chance."""
        return abs(self.value - due) <= self.limit(due)

    def limit(self, due: float) -> float:
        """How far off it may be by chance, or because it is a whole number of entries."""
        rounded = self.rounding if self.deviation <= ROUNDED else 0.0
        return SIGMAS * self.deviation + max(rounded, ALIKE * max(abs(self.value), abs(due)))


def of_ones(found: Identified) -> Case:
    """A case with many ones."""
    case, row = found.cases[0], found.candidate.contract
    sizes = _enlarged(case.sizes, found)
    shapes = {v.name: shape_of(v.shape, sizes) for v in row.variables}
    (name,) = found.way.arrays[:1]
    fixed = {n: a for n, a in case.arrays.items() if n != name and a.shape != shapes[n]}
    if fixed:
        return case.with_values(**{name: np.ones_like(case.arrays[name])})
    ones = np.ones(shapes[name])
    return replace(case, sizes=sizes, dout=None).with_values(**{name: ones})


def _enlarged(sizes: Mapping[str, int], found: Identified) -> dict[str, int]:
    """Sizes with which the input has ENTRIES: the smallest is doubled, and again."""
    shape = found.candidate.contract.variable(found.way.arrays[0]).shape
    grown = dict(sizes)
    symbols = [s for s in sizes if any(s in axis for axis in shape)]
    while symbols and math.prod(shape_of(shape, grown)) < ENTRIES:
        least = min(symbols, key=lambda s: grown[s])
        grown[least] *= 2
    return grown


def share_that_is_kept(layer: Layer, build: str, meant: Meant, value: float) -> Finding | None:
    """What is wrong with the share that is kept, or with what kept entries are multiplied by."""
    for call in _calls_of_methods(layer):
        if layer.gives(call, build) is not None:
            return _share_kept(replace(layer, build=build), call, meant, value)
    return None


def built_with(layer: Layer, share: Share) -> tuple[str, Meant]:
    """How a layer is made that keeps another share than by itself; "" if its argument is unknown.

    What the name of the argument says comes with it.
    """
    for name, meant in share.names.items():
        build = f"cls({name}={share.value})"
        if any(layer.gives(call, build) is not None for call in _calls_of_methods(layer)):
            return build, meant
    return "", Meant.EITHER


def _calls_of_methods(layer: Layer) -> list[str]:
    operands = ", ".join(v.name for v in layer.candidate.contract.operands)
    return [first(f"layer.{method}({operands})") for method in METHODS]


def _share_kept(layer: Layer, call: str, meant: Meant, value: float) -> Finding | None:
    kept = _mean(layer, f"({call} != 0) * 1.0")
    kept = kept and replace(kept, rounding=_one_entry(layer))
    least, most = (_extreme(layer, call, which) for which in ("min", "max"))
    if kept is None or least is None or most is None or not most.any():
        return None
    expected = {Meant.DROPPED: (1 - value,), Meant.KEPT: (value,)}.get(meant, (value, 1 - value))
    if not least.any() and most.all():
        return refuted(Message("mode.all_or_none"), _seen(layer, 1.0, expected[0]))
    if not any(kept.allows(each) for each in expected):
        due = min(expected, key=lambda each: abs(each - kept.value))
        words = Message("mode.share", is_=f"{kept.value:.3g}", due=f"{due:.3g}")
        return refuted(words, _seen(layer, kept.value, due, kept.limit(due)))
    name = next((n for n in OF_DROPPED if f"({n}=" in layer.build), "")
    if meant is Meant.EITHER and name and kept.allows(value):
        return unsettled(Message("mode.kept", name=name, share=f"{value:g}"))
    if all(abs(float(each.mean()) - 1) <= ALIKE for each in (least, most)):
        return None  # divided by the share that this mask keeps
    factor = float(most.flat[np.abs(most).argmax()])  # 0 or this, with its sign
    inverted = 1 / min(expected, key=lambda each: abs(kept.value - each))
    if all(abs(factor - due) > ALIKE for due in (1.0, inverted)):
        words = Message("mode.factor", is_=f"{factor:.3g}", due=f"{inverted:.3g}")
        return refuted(words, _seen(layer, factor, inverted, ALIKE))
    return None


def as_on_average(layer: Layer, calls: Calls) -> Finding | None:
    """Whether test mode gives the mean of what training gives; None if it is called otherwise."""
    test = layer.gives(calls.text(f"({calls.train}, {first(calls.test)})[1]"))
    if test is None:
        return raising(layer, calls)
    mean = _mean(layer, first(calls.train), calls)
    trained = layer.gives(calls.text(first(calls.train)))
    if mean is None or trained is None:
        return None
    mean = replace(mean, rounding=_one_entry(layer) * float(np.abs(trained).max()))
    is_ = float(test.mean())
    if np.ptp(test) > ALIKE * np.abs(test).max():
        return refuted(Message("mode.drops"), _seen(layer, float(test.min()), float(test.max())))
    if mean.allows(is_):
        return HOLDS
    words = Message("mode.mean", is_=f"{is_:.3g}", due=f"{mean.value:.3g}")
    return refuted(words, _seen(layer, is_, mean.value, mean.limit(is_)))


def _mean(layer: Layer, call: str, calls: Calls | None = None) -> _Mean | None:
    """The mean of an output over RUNS calls."""
    square = f"sum(({call}).mean() ** 2 for _ in range({RUNS})) / {RUNS}"
    plain = f"sum(({call}).mean() for _ in range({RUNS})) / {RUNS}"
    several = [_number(layer, each, calls) for each in (plain, square)]
    value, of_squares = several
    if value is None or of_squares is None:
        return None
    return _Mean(value, math.sqrt(max(of_squares - value**2, 0.0) / RUNS))


def _one_entry(layer: Layer) -> float:
    """The share of one entry where as many are dropped in each row, or in each column."""
    shape: tuple[int, ...] = next(iter(layer.case.operands.values())).shape
    return 1 / min(shape)


def _number(layer: Layer, expression: str, calls: Calls | None) -> float | None:
    """A number that an expression gives: forward gives arrays."""
    operand = layer.candidate.contract.operands[0].name
    text = f"0.0 * {operand} + {expression}"
    given = layer.gives(calls.text(text) if calls is not None else text)
    return None if given is None else float(given.flat[0])


def _extreme(layer: Layer, call: str, which: str) -> np.ndarray | None:
    """The output of which the mean is least, or greatest, of those of RUNS calls."""
    return layer.gives(
        f"{which}(({call} for _ in range({RUNS})), key=lambda each: abs(each.mean()))"
    )


def _seen(layer: Layer, is_: float, due: float, allowed: float = 0.0) -> Evidence:
    values = np.asarray(is_), np.asarray(due)
    return Evidence(
        Message("mode.test"), layer.shown, *values, abs(is_ - due), allowed, base=layer.shown
    )
