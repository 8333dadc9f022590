"""Which of the values that backward returns or stores is the gradient of what.

Told by the key of a dict; by value, where one is the derivative of forward; then by its name, then
by its place. What is right is then found however it is handed back, and what is wrong where its
name or place says. Among arrays of one declared shape, values do not count before names and places
do (`alike_gradients`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from trigrad.contracts.schema import Array
from trigrad.subject.dialects.adapters import INPUT_GRADIENTS
from trigrad.subject.dialects.alike_gradients import (
    NONE_ALIKE,
    Alike,
    belongs_to_another,
    in_their_places,
    of_shape,
    places_held,
)
from trigrad.subject.dialects.array_paths import ArrayPath, arrays_in
from trigrad.subject.dialects.bytecode import returned_names
from trigrad.subject.dialects.held_weights import DEPTH, beside, way
from trigrad.subject.dialects.named_gradients import means_gradient
from trigrad.subject.dialects.returned_parts import Part, assigned, parts_of, value_shape
from trigrad.subject.source.gradient_names import is_gradient_variable

STEP = 2.0**-12
"""The step of the differences along a direction, for values near 1."""

SAME = 1e-4
"""How well a gradient must fit them, as a share of the terms: far less fits by no accident."""

DIRECTIONS = 2

DIGITS = 3
"""How many digits a learning rate may have that is written in the text."""

_IN_PARAMS = re.compile(r"^(param\w*|weights)\.(?=\w+$)", re.IGNORECASE)


@dataclass(frozen=True)
class Source:
    """Where a gradient is."""

    returned: bool
    path: ArrayPath
    step: str = ""
    """The weight that backward moves by its gradient at once; "" where the gradient is kept."""
    rate: float = 1.0
    """The learning rate with which that is taken."""

    def read(self, returned: Any, layer: Any, steps: Mapping[str, Array]) -> Any:
        """Its value; None if there is none."""
        if self.step:
            step = steps.get(self.step)
            return None if step is None else step / self.rate
        return self.path.read(returned if self.returned else layer)


Held = dict[ArrayPath, tuple[int, Array]]
"""Arrays and numbers of an object before a call: their ids and copies."""


def held_by(layer: Any) -> Held:
    """The arrays and numbers of an object."""
    found = arrays_in(layer, numbers=True, depth=DEPTH)
    return {path: (id(path.read(layer)), array.copy()) for path, array in found}


@dataclass(frozen=True)
class Slopes:
    """The slopes of <dout, forward> along some directions of one array."""

    directions: tuple[Array, ...]
    values: tuple[float, ...]
    scales: tuple[float, ...]

    def fit(self, gradient: Any) -> bool:
        """Whether an array has these slopes."""
        if value_shape(gradient) != self.directions[0].shape:
            return False
        along = [float(np.sum(gradient * direction)) for direction in self.directions]
        limits = [SAME * (1.0 + scale) for scale in self.scales]
        return all(
            abs(one - other) <= limit
            for one, other, limit in zip(along, self.values, limits, strict=True)
        )

    @property
    def flat(self) -> bool:
        """Whether forward does not depend on the array."""
        return not any(self.values)

    def factor(self, multiple: Array) -> float | None:
        """The positive number of few digits by which a gradient with these slopes is multiplied."""
        ratios = [
            float(np.sum(multiple * direction)) / slope
            for direction, slope in zip(self.directions, self.values, strict=True)
            if abs(slope) > SAME
        ]
        rounded = {float(f"{ratio:.{DIGITS}g}") for ratio in ratios}
        found = rounded.pop() if len(rounded) == 1 else 0.0
        near = all(abs(ratio - found) <= SAME * found for ratio in ratios)
        return found if found > 0 and near else None


def slopes(value: Callable[[Array], float], array: Array, seed: int) -> Slopes:
    """The slopes of a function of one array at that array."""
    random = np.random.RandomState(seed)
    directions = tuple(random.randn(*array.shape) for _ in range(DIRECTIONS))
    found, scales = [], []
    for direction in map(np.asarray, directions):
        up, down = (value(array + sign * STEP * direction) for sign in (1, -1))
        found.append((up - down) / (2 * STEP))
        scales.append(abs(found[-1]) + STEP * (abs(up) + abs(down)))
    return Slopes(tuple(map(np.asarray, directions)), tuple(found), tuple(scales))


def sources(
    returned: Any,
    layer: Any,
    before: Held,
    arrays: Mapping[str, Array],
    truth: Mapping[str, Slopes],
    new: Held,
    steps: Mapping[str, Array] = MappingProxyType({}),
    alike: Alike = NONE_ALIKE,
    rate: float | None = None,
) -> dict[str, Source]:
    """Where each gradient is; those that are nowhere are left out.

    `arrays` are what is differentiated, `before` the arrays of the object before backward, and
    `new` those of before forward. `steps` are what backward has taken off weights, at a learning
    `rate` if one is known, and `alike` what is of one declared shape.
    """
    if not arrays:
        return {}
    parts = [p for p in parts_of(returned) if value_shape(p.value) is not None]
    found: dict[str, Source] = {}
    _by_key(found, parts, arrays)
    stored = _stored(layer, before, arrays, new)
    homes = places_held(layer, arrays) if alike.groups else {}

    def may_be(name: str, part: Part) -> bool:
        return not belongs_to_another(part, name, alike, homes)

    apart = {name: due for name, due in truth.items() if not alike.group_of(name)}
    _by_value(found, parts, apart, may_be, returned=True)
    kept_by_name = {n for n in arrays for p in stored if p.key and means_gradient(p.key, n)}
    _in_their_places(found, parts, arrays, truth, returned, alike, kept_by_name)
    _by_value(found, parts, truth, may_be, returned=True)
    _by_name(found, parts, arrays, returned=True)
    _by_place(found, parts, arrays)
    # What is handed back counts, whatever else the object holds: so these come after it.
    kept = set(found)
    _by_value(found, stored, truth, may_be, returned=False)
    _by_way(found, layer, arrays)
    held = arrays_in(layer, numbers=True)
    _by_name(found, [Part(*pair) for pair in held], arrays, returned=False)
    taken = {name: step for name, step in steps.items() if name in arrays and step.any()}
    rates = {name: _rate_of(step, truth[name], rate) for name, step in taken.items()}
    # Of a wrong gradient the steps tell no rate: the others have it.
    common = next((each for each in rates.values() if each not in (None, 1.0)), None)
    moved = {
        name: Source(False, ArrayPath(()), name, each or common or 1.0)
        for name, each in rates.items()
    }
    for name, source in moved.items():
        # A weight that is moved by its very gradient keeps it nowhere else.
        if name not in kept and truth[name].fit(source.read(returned, layer, steps)):
            found[name] = source
    for name, array in arrays.items():
        alone = [p for p in stored if value_shape(p.value) == array.shape]
        alone = [p for p in alone if Source(False, p.path) not in found.values()]
        if name not in found and len(alone) == 1:
            found[name] = Source(False, alone[0].path)
        if name not in found and name in moved:
            found[name] = moved[name]
    _alone(found, parts, arrays)
    return found


def _rate_of(step: Array, due: Slopes, known: float | None) -> float | None:
    """The learning rate of a step: 1 where the step is the gradient, else the one that is known.

    Where none is, the text has a number in its place: the one by which the gradient is multiplied,
    if that is a number of few digits. Nobody can tell a wrong factor from it.
    """
    if due.fit(step):
        return 1.0
    return known or due.factor(step)


def unread_in(
    returned: Any, layer: Any, read: Collection[Source], fixed: Mapping[str, Array], backward: Any
) -> frozenset[str]:
    """Which of the `fixed` arrays seem to get a gradient, beside those that are `read`.

    That is an array of its shape in a tuple, list or dict, with no name that says it is something
    else, or one that the object holds under its name; `backward` is the function, whose statement
    that returns may have the name.
    """
    if not fixed:
        return frozenset()
    names = returned_names(backward) or ()
    taken = {source.path for source in read if source.returned}
    spare = []
    for part in parts_of(returned):
        steps = part.path.steps
        if len(steps) != 1 or part.path in taken:
            continue
        place = steps[0].key
        key = part.key or (names[place] if isinstance(place, int) and place < len(names) else "")
        if not key or key.startswith("d") or is_gradient_variable(key):
            spare.append(value_shape(part.value))
    held = [
        name
        for name, array in fixed.items()
        for path, value in arrays_in(layer)
        if value.shape == array.shape
        and path.name.lower() != name.lower()
        and means_gradient(path.name, name)
    ]
    return frozenset(n for n, a in fixed.items() if a.shape and (a.shape in spare or n in held))


def numbers_with_gradient(layer: Any, numbers: Collection[str]) -> frozenset[str]:
    """Which of the numbers that were given to a constructor have a gradient that the object holds.

    So does a slope that is learned: it is a weight.
    """
    own = getattr(layer, "__dict__", {})
    held = [path.name for path, _ in arrays_in(layer)] if numbers else []
    held += [name for name, value in own.items() if isinstance(value, float | np.number)]
    return frozenset(
        name
        for name in numbers
        if any(each.lower() != name.lower() and means_gradient(each, name) for each in held)
    )


def _by_key(found: dict[str, Source], parts: Sequence[Part], arrays: Mapping[str, Array]) -> None:
    """Take what a dict calls the gradient of an array: whoever reads `grads["dW1"]` gets that.

    Only where most gradients have such keys. What the object has as `params["W"]` has the key W.
    """
    exact: dict[str, Part] = {}
    for name in arrays:
        own = _IN_PARAMS.sub("", name)
        named = [p for p in parts if p.key and means_gradient(p.key, own)]
        named.sort(key=lambda p: p.key.lower() == own.lower())  # dW before W
        if named:
            exact[name] = named[0]
    distinct = len({p.path for p in exact.values()}) == len(exact)
    if distinct and 2 * len(exact) > len(arrays):
        found |= {name: Source(True, part.path) for name, part in exact.items()}


def _has_other_number(key: str, name: str) -> bool:
    """Whether a key is the gradient of the same weight of another layer: db0, and not db1."""
    numbers = [re.findall(r"\d+", each) for each in (key, name)]
    bare = [re.sub(r"\d+", "", each) for each in (key, name)]
    return all(numbers) and numbers[0] != numbers[1] and means_gradient(bare[0], bare[1])


def _by_value(
    found: dict[str, Source],
    parts: Sequence[Part],
    truth: Mapping[str, Slopes],
    may_be: Callable[[str, Part], bool],
    *,
    returned: bool,
) -> None:
    for name, due in truth.items():
        if name in found:
            continue
        fitting = [p for p in parts if due.fit(p.value) and not _has_other_number(p.key, name)]
        # One array may be the gradient of several, but not what is wrong in another's place.
        fitting = [
            p
            for p in fitting
            if may_be(name, p)
            and all(
                truth[n].fit(p.value)
                for n, source in found.items()
                if n in truth and source == Source(returned, p.path)
            )
        ]
        free = [p for p in fitting if Source(returned, p.path) not in found.values()]
        named = [p for p in free if p.key and means_gradient(p.key, name)]
        for part in [*named, *free, *fitting][:1]:
            found[name] = Source(returned, part.path)


def _in_their_places(
    found: dict[str, Source],
    parts: Sequence[Part],
    arrays: Mapping[str, Array],
    truth: Mapping[str, Slopes],
    returned: Any,
    alike: Alike,
    kept: Collection[str],
) -> None:
    """Take the gradients of arrays of one shape by their places; those `kept` may be elsewhere."""
    for group in alike.groups:
        due = [n for n in group if n in arrays and n not in found]
        taken = {source.path for source in found.values() if source.returned}
        rest = [p for p in parts if p.path not in taken and not p.key]
        rest = of_shape(rest, arrays[due[0]].shape) if due else []
        if len(rest) < len(due):
            due = [n for n in due if n not in kept]
        if not due:
            continue
        placed = in_their_places(
            due, rest, returned, alike, lambda name, part: truth[name].fit(part.value)
        )
        found |= {name: Source(True, part.path) for name, part in placed.items()}


def _stored(layer: Any, before: Held, arrays: Mapping[str, Array], new: Held) -> list[Part]:
    """The arrays and numbers of an object that backward has made or changed."""
    found = []
    for path, array in arrays_in(layer, numbers=True, depth=DEPTH):
        known, now = before.get(path), id(path.read(layer))
        changed = known is None or known[0] != now or not np.array_equal(known[1], array)
        first = new[path][1] if path in new else None
        overwritten = known is not None and _is_in_use(known[1], array, arrays, first)
        alias = any(np.shares_memory(array, each) for each in arrays.values())
        if changed and not overwritten and not alias:
            found.append(Part(path, array))
    return found


def _is_in_use(
    known: Array, array: Array, arrays: Mapping[str, Array], first: Array | None
) -> bool:
    """Whether what a place held before backward was no gradient.

    That is an input, a weight, a constant, or what forward has set, and not to zeros; `first` is
    what was there before forward. What overwrites it is not kept as a gradient there, but spoils
    the next forward.
    """
    if any(known.shape == a.shape and np.array_equal(known, a) for a in arrays.values()):
        return True
    by_forward = first is None or not np.array_equal(first, known)
    return bool(known.any()) and (by_forward or known.shape != array.shape)


def _by_name(
    found: dict[str, Source], parts: Sequence[Part], arrays: Mapping[str, Array], *, returned: bool
) -> None:
    first = next(iter(arrays))
    for name in arrays:
        if name in found:
            continue
        # An attribute called as the array itself holds the array, not its gradient.
        named = [
            p
            for p in parts
            if p.key and means_gradient(p.key, name) and (returned or p.key.lower() != name.lower())
        ]
        named += [p for p in parts if not returned and p.key in INPUT_GRADIENTS and name == first]
        if named:
            found[name] = Source(returned, named[0].path)


def _by_way(found: dict[str, Source], layer: Any, arrays: Mapping[str, Array]) -> None:
    """What is kept beside an array: within the object, or in its lists `params` and `grads`."""
    due = [name for name in arrays if name not in found]
    if not due:
        return
    homes = places_held(layer, arrays)
    for name in due:
        within = [name] if "." in name or "[" in name else []
        ways = within or [way(path) for path, held in homes.items() if held == name]
        for path, value in arrays_in(layer, numbers=True, depth=DEPTH):
            fits = [n for n in value.shape if n != 1] == [n for n in arrays[name].shape if n != 1]
            if fits and any(beside(each, way(path)) for each in ways):
                found[name] = Source(False, path)
                break


def _alone(found: dict[str, Source], parts: Sequence[Part], arrays: Mapping[str, Array]) -> None:
    """Of what is handed back under other names, the only one of a shape."""
    taken = {source.path for source in found.values() if source.returned}
    for name, array in arrays.items():
        alike = [n for n, a in arrays.items() if n not in found and a.shape == array.shape]
        rest = [p for p in parts if p.key and p.path not in taken]
        rest = [p for p in rest if value_shape(p.value) == array.shape]
        if len(alike) == len(rest) == 1 and name in alike:
            found[name] = Source(True, rest[0].path)


def _by_place(found: dict[str, Source], parts: Sequence[Part], arrays: Mapping[str, Array]) -> None:
    taken = {source.path for source in found.values() if source.returned}
    rest = [p for p in parts if p.path not in taken and not p.key]
    due = {name: array.shape for name, array in arrays.items() if name not in found}
    if len(parts) == 1 and not parts[0].path.steps:  # one array alone
        first = next(iter(arrays))
        if rest and first in due:
            found[first] = Source(True, rest[0].path)
        return
    for name, path in assigned(rest, due).paths.items():
        found[name] = Source(True, path)
