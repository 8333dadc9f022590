"""What an optimiser does in one mode: which convention it keeps, or which mistake it makes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from trigrad.cases.steps import Walk
from trigrad.contracts.optimiser_formulas import Decay, Family, added_to_gradient
from trigrad.contracts.optimisers import Convention, Decaying, Optimiser
from trigrad.contracts.schema import Array
from trigrad.messages import Message
from trigrad.numerics import tolerance
from trigrad.subject.face import Face, Optimise, Raised, Returned
from trigrad.trial.optimiser_reading import Mode
from trigrad.witnesses import optimiser_steps as right

Found = Mapping[str, Array]
"""Each weight after each step."""


@dataclass(frozen=True, eq=False)
class Kept:
    """The convention that is kept in a mode."""

    mode: Mode
    convention: Convention
    decaying: Decaying | None
    settings: Mapping[str, float]


@dataclass(frozen=True, eq=False)
class Missed:
    """A mode in which no convention is kept, with the first number that is wrong."""

    mode: Mode
    weight: str
    place: tuple[int, ...]
    step: int
    """From 1."""
    walk: Walk
    is_: float
    should_be: float
    wrong: tuple[str, ...]
    """All weights that are wrong somewhere."""
    slip: Message | None
    """The known mistake that gives all these numbers, if there is one."""
    coarse: bool
    """Whether all are right but for the rounding of float32."""
    paced: bool
    """Whether only the length of the steps is another one, the same for all weights."""
    steps: tuple[Array, Array]
    """The number after each step, and what it should be: where it may be what it is, the same."""


@dataclass(frozen=True, eq=False)
class Odd:
    """A call that raised, or a weight that is no array of its shape afterwards."""

    mode: Mode
    raised: Raised | None
    words: Message | None


def steps_of(face: Face, mode: Mode, walks: Sequence[Walk]) -> list[Found] | Odd:
    """Where the subject moves the weights."""
    commands = [Optimise(w.weights, w.gradients, mode.settings, mode.choice) for w in walks]
    found: list[Found] = []
    for walk, result in zip(walks, face.run(commands), strict=True):
        if isinstance(result, Raised):
            return Odd(mode, result, None)
        moved = as_found(result, walk)
        if isinstance(moved, Message):
            return Odd(mode, None, moved)
        found.append(moved)
    return found


def as_found(result: Returned, walk: Walk) -> Found | Message:
    """The arrays of a result; a sentence where one is none."""
    arrays: dict[str, Array] = {}
    for name, gradients in walk.gradients.items():
        value = result.values.get(name)
        if not isinstance(value, np.ndarray):
            is_ = "None" if value is None else value.words
            return Message("optimiser.odd", weight=name, found=is_)
        if value.shape != gradients.shape:
            shapes = str(value.shape[1:]), str(gradients.shape[1:])
            return Message("optimiser.shape", weight=name, found=shapes[0], should_be=shapes[1])
        arrays[name] = value
    return arrays


def compared(
    row: Optimiser, mode: Mode, walks: Sequence[Walk], found: Sequence[Found]
) -> Kept | Missed:
    """The convention that all steps keep; else what is wrong, by the one that is kept longest."""
    best: tuple[int, Convention, Decaying | None, Mapping[str, float]] | None = None
    for settings in mode.readings():
        for convention in mode.rules.conventions:
            for decaying in _decays(row, settings):
                decay = decaying.decay if decaying is not None else added_to_gradient
                right_steps = sum(
                    _right_steps(convention.family, decay, walk, f, mode, settings)
                    for walk, f in zip(walks, found, strict=True)
                )
                if right_steps == sum(_count(walk) for walk in walks):
                    return Kept(mode, convention, decaying, settings)
                if best is None or right_steps > best[0]:
                    best = right_steps, convention, decaying, settings
    if best is None:  # nothing is known of a setting that it needs
        settings = mode.settings
        best = 0, mode.rules.conventions[0], None, settings
    return _missed(row, mode, walks, found, *best[1:])


def nearness(
    row: Optimiser, mode: Mode, walks: Sequence[Walk], found: Sequence[Found]
) -> Mapping[str, float]:
    """How far each weight is from right in all its steps: 0 if it is right, else up to 1.

    By the convention in which most weights are right.
    """
    best: dict[str, float] = {}
    for settings in mode.readings():
        for convention in mode.rules.conventions:
            for decaying in _decays(row, settings):
                decay = decaying.decay if decaying is not None else added_to_gradient
                here = dict.fromkeys(walks[0].weights, 0.0)
                for walk, moved in zip(walks, found, strict=True):
                    inside = fits(convention.family, decay, walk, moved, mode, settings)
                    bounds = right.bounds(convention.family, decay, walk, settings, mode.small)
                    for name, array in moved.items():
                        if not inside[name].all():
                            error = _distance(array, bounds[name][0])
                            here[name] = max(here[name], error)
                if not best or _rank(here) < _rank(best):
                    best = here
    return best or dict.fromkeys(walks[0].weights, 1.0)


def _distance(is_: Array, due: Array) -> float:
    with np.errstate(all="ignore"):
        off = float(np.abs(is_ - due).max())
        scale = float(np.abs(due).max()) or 1.0
    return max(off / scale / (1 + off / scale), tolerance.EPS) if np.isfinite(off) else 1.0


def _rank(errors: Mapping[str, float]) -> tuple[int, float]:
    return sum(error > 0 for error in errors.values()), sum(errors.values())


def _decays(row: Optimiser, settings: Mapping[str, float]) -> Sequence[Decaying | None]:
    return row.decays if settings["weight_decay"] else (None,)


def _count(walk: Walk) -> int:
    return len(next(iter(walk.gradients.values())))


def fits(
    family: Family,
    decay: Decay,
    walk: Walk,
    found: Found,
    mode: Mode,
    settings: Mapping[str, float],
    eps: float | None = None,
) -> Mapping[str, Array]:
    """Which numbers are right, by weight."""
    bounds = right.bounds(family, decay, walk, settings, mode.small)
    off = {}
    for each in {tolerance.EPS, *(_eps(a) for a in found.values())} if eps is None else {eps}:
        off[each] = right.allowed(family, walk, settings, mode.small, each)
    inside = {}
    for name, array in found.items():
        fine = _eps(array) if eps is None else eps
        low, high = bounds[name]
        # What a mistake makes may be larger than what is right.
        size = np.nan_to_num(np.maximum(np.abs(low), np.abs(high)), posinf=0.0)
        more = tolerance.of_steps(len(array), size, 0 * size, fine)
        inside[name] = right.fitting(array, low, high, off[fine][name] + more)
    return inside


def _eps(array: Array) -> float:
    return float(np.finfo(array.dtype).eps) if array.dtype.kind == "f" else tolerance.EPS


def _right_steps(
    family: Family,
    decay: Decay,
    walk: Walk,
    found: Found,
    mode: Mode,
    settings: Mapping[str, float],
) -> int:
    """How many steps are right before the first that is not."""
    here = fits(family, decay, walk, found, mode, settings)
    for number in range(_count(walk)):
        if not all(bool(inside[number].all()) for inside in here.values()):
            return number
    return _count(walk)


def _missed(
    row: Optimiser,
    mode: Mode,
    walks: Sequence[Walk],
    found: Sequence[Found],
    convention: Convention,
    decaying: Decaying | None,
    settings: Mapping[str, float],
) -> Missed:
    decay = decaying.decay if decaying is not None else added_to_gradient
    family = convention.family
    every = [
        fits(family, decay, walk, moved, mode, settings)
        for walk, moved in zip(walks, found, strict=True)
    ]
    wrong_ones = tuple(n for n in every[0] if not all(bool(each[n].all()) for each in every))
    wrong = [
        (number, walk, moved, name, place)
        for walk, moved, here in zip(walks, found, every, strict=True)
        for name, inside in here.items()
        for number, *place in np.argwhere(~inside)
    ]
    number, walk, moved, name, place = min(wrong, key=lambda each: _readable(*each))
    low, high = right.bounds(family, decay, walk, settings, mode.small)[name]
    at = (number, *place)
    here = (slice(None), *place)
    inside = fits(family, decay, walk, moved, mode, settings)[name][here]
    is_, due = moved[name][here], (low[here] + high[here]) / 2
    coarse = all(
        bool(inside.all())
        for walk, moved in zip(walks, found, strict=True)
        for inside in fits(
            family, decay, walk, moved, mode, settings, eps=tolerance.EPS_32
        ).values()
    )
    return Missed(
        mode,
        name,
        tuple(int(n) for n in place),
        int(number) + 1,
        walk,
        float(moved[name][at]),
        float((low[at] + high[at]) / 2),
        wrong=wrong_ones,
        slip=_slip(row, mode, walks, found, wrong_ones),
        coarse=coarse,
        paced=_paced(family, walks, found, mode, settings),
        steps=(is_, np.where(inside, is_, due)),
    )


def _readable(
    number: int, walk: Walk, moved: Found, name: str, place: Sequence[int]
) -> tuple[int, int, float]:
    """An early step comes first, and what is not nan; of equals, simple numbers."""
    at = (number, *place)
    finite = bool(np.isfinite(moved[name][at]))
    return int(number), int(not finite), float(np.abs(walk.weights[name][tuple(place)]))


def _slip(
    row: Optimiser,
    mode: Mode,
    walks: Sequence[Walk],
    found: Sequence[Found],
    wrong: Sequence[str],
) -> Message | None:
    """The first known mistake that gives all numbers of the weights that are wrong."""
    for settings in mode.readings() if mode.unknown else (mode.settings,):
        for slip in mode.rules.slips:
            decays = [d.decay for d in _decays(row, settings) if d is not None]
            if slip.decay is not None:
                decays = [slip.decay] if settings["weight_decay"] else []
            elif not settings["weight_decay"]:
                decays = [added_to_gradient]
            for decay in decays:
                if all(
                    bool(inside.all())
                    for walk, moved in zip(walks, found, strict=True)
                    for name, inside in fits(
                        slip.family, decay, walk, moved, mode, settings
                    ).items()
                    if name in wrong
                ):
                    return slip.words
    return None


def _paced(
    family: Family,
    walks: Sequence[Walk],
    found: Sequence[Found],
    mode: Mode,
    settings: Mapping[str, float],
) -> bool:
    """Whether each step is a right one times a number, the same for all weights; 1 in the first."""
    factors: dict[int, list[float]] = {}
    for walk, moved in zip(walks, found, strict=True):
        bounds = right.bounds(family, added_to_gradient, walk, settings, mode.small)
        for name, start in walk.weights.items():
            due = np.diff(bounds[name][0], axis=0, prepend=start[np.newaxis])
            is_ = np.diff(moved[name], axis=0, prepend=start[np.newaxis])
            for number in range(len(due)):
                large = np.abs(due[number]) > PACE
                factors.setdefault(number, []).extend(is_[number][large] / due[number][large])
    spread = [np.ptp(each) for each in factors.values() if each]
    first = factors.get(0) or [0.0]
    slow = min((min(each) for each in factors.values() if each), default=0.0)
    return bool(spread) and max(spread) < PACE and abs(first[0] - 1) < PACE and slow > PACE


PACE = 1e-6
"""To tell a learning rate that changes, so many digits are enough."""
