"""Where an object keeps gradients that backward does not return and no name tells."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from trigrad.contracts.schema import Array
from trigrad.subject.dialects.argument_roles import (
    FREE_RATE,
    OPTIMISER,
    RATE,
    arguments_of,
    is_rate,
)
from trigrad.subject.dialects.array_paths import Path, arrays_in
from trigrad.subject.dialects.conventions import Made, Reading
from trigrad.subject.dialects.experiments import ERRORS, Attempt, Trials
from trigrad.subject.dialects.signatures import UnknownDialectError


class GradientFinder:
    """Finds the gradients of the weights, by value or in what backward takes from them."""

    def __init__(self, trials: Trials) -> None:
        self._trials = trials

    def located(self, reading: Reading, tried: Attempt) -> Reading:
        """Where gradients are kept that backward neither returns nor keeps under a name."""
        gradients: dict[str, Path] = {}
        updates: set[str] = set()
        for name in self._trials.parameters:
            if name in tried.gradients or tried.hand.stored(tried.made, name).declared:
                continue
            # A weight that is changed tells its gradient better than anything kept beside it,
            # which may be the step, or a mean of the last ones.
            if tried.hand.lost(name) is not None and reading.places.get(name):
                updates.add(name)
            elif paths := self._by_value(reading, tried, name):
                gradients[name] = paths[0]
        reading = replace(reading, gradients=gradients)
        return self._with_updates(reading, tried, updates) if updates else reading

    def _beside_updates(self, reading: Reading, tried: Attempt, updates: set[str]) -> Reading:
        """The gradients kept beside weights that are changed by a step of unknown size.

        Raises:
            UnknownDialectError: there are none, or none that is known to be no step.
        """
        names = " and ".join(n for n in self._trials.parameters if n in updates)
        them = "it" if len(updates) == 1 else "them"
        by_step = f"backward changes {names} by a step of unknown size"
        gradients = dict(reading.gradients)
        for name in sorted(updates):
            paths = self._by_value(reading, tried, name)
            if not paths:
                raise UnknownDialectError(f"{by_step} and keeps no gradient of {them}")
            if _in_proportion(paths[0].read(tried.made.subject), tried.hand.lost(name)):
                raise UnknownDialectError(
                    f"{by_step}, and it cannot be told whether {paths[0]} is the gradient of "
                    f"{name} or the step"
                )
            gradients[name] = paths[0]
        return replace(reading, gradients=gradients)

    def _by_value(self, reading: Reading, tried: Attempt, name: str) -> list[Path]:
        """Arrays of the parameter's shape that backward made, and that follow dout."""
        places = set(reading.places.get(name, ()))
        shape = tried.hand.own_shape(tried.made, name)
        handed = [*tried.made.operands.values(), *tried.made.weights.values()]
        handed += [v for v in tried.gradients.values() if isinstance(v, np.ndarray)]
        found = []
        for path, array in arrays_in(tried.made.subject):
            known = tried.before.get(path)
            changed = known is None or known[0] != id(array) or not np.array_equal(known[1], array)
            theirs = any(isinstance(h, np.ndarray) and np.shares_memory(h, array) for h in handed)
            # What forward keeps of its input is no place for a gradient.
            kept = known is not None and any(
                np.array_equal(known[1], operand) for operand in tried.made.operands.values()
            )
            if path not in places and array.shape == shape and changed and not (theirs or kept):
                found.append((path, array))
        if len(found) > 1:
            twice = self._trials.attempt(reading, factor=2.0)
            held = dict(arrays_in(twice.made.subject)) if twice is not None else {}
            found = [(p, a) for p, a in found if p in held and np.allclose(held[p], 2 * a)]
        if len(found) > 1 and not all(np.array_equal(a, found[0][1]) for _, a in found):
            names = " and ".join(str(p) for p, _ in found)
            raise UnknownDialectError(
                f"it cannot be told which of {names} is the gradient of {name}"
            )
        return [path for path, _ in found]

    def _with_updates(self, reading: Reading, tried: Attempt, updates: set[str]) -> Reading:
        """The gradients read from what backward takes from the weights in a step of size 1.

        Raises:
            UnknownDialectError: it is not known to be a step of size 1 along the gradient.
        """
        result = replace(reading, updates=frozenset(updates))
        if self._trials.speaker.takes(RATE) or self._steps_by_ours(reading, tried.made):
            return self._without_memory(result)
        if self._trials.speaker.takes(FREE_RATE):
            return self._without_memory(replace(result, known_rate=True))
        rates = [
            name
            for name, value in getattr(tried.made.subject, "__dict__", {}).items()
            if is_rate(name) and isinstance(value, float | int)
        ]
        if rates:
            return self._without_memory(replace(result, rate=rates[0]))
        return self._beside_updates(reading, tried, updates)

    def _without_memory(self, reading: Reading) -> Reading:
        """A reading by updates, if the second step of an object is the same as its first.

        Raises:
            UnknownDialectError: only the weights' gradients change, as they do by momentum.
        """
        tried = self._trials.forward(reading)
        if tried is None:
            return reading
        hand, made, _ = tried
        try:
            first = hand.backward(made, self._trials.dout)
            hand.forward(made, [x.copy() for x in self._trials.operands])
            second = hand.backward(made, self._trials.dout)
        except ERRORS:
            return reading
        differing = {n for n in first if not _alike(first[n], second.get(n))}
        if not differing or not differing <= reading.updates:
            return reading  # whatever differs beside them is a mistake, which the claims will meet
        names = " and ".join(n for n in self._trials.parameters if n in differing)
        raise UnknownDialectError(
            f"backward changes {names} by more than the gradient of one call, as momentum does, "
            f"and keeps no gradient of {'it' if len(differing) == 1 else 'them'}"
        )

    def _steps_by_ours(self, reading: Reading, made: Made) -> bool:
        """Whether the optimiser is the one of step 1 that it was given."""
        method = getattr(made.subject, reading.setup, None) if reading.setup else None
        asked = arguments_of(method) if method is not None else []
        return self._trials.speaker.takes(OPTIMISER) or any(a.bare.startswith("opt") for a in asked)

    def is_mean(self, reading: Reading) -> bool:
        """Whether the first gradient of a parameter stays the same for every sample twice."""
        once = self._trials.attempt(reading)
        first = next(iter(self._trials.parameters))
        twice = self._trials.doubled()
        if once is None or first not in once.gradients:
            return False
        both = twice.attempt(reading)
        if both is None or first not in both.gradients:
            return False
        one, two = once.gradients[first], both.gradients[first]
        return np.shape(one) == np.shape(two) and bool(np.allclose(one, two))


def _alike(one: Any, other: Any) -> bool:
    return np.shape(one) == np.shape(other) and bool(np.allclose(one, other))


def _in_proportion(array: Array, lost: Array | None) -> bool:
    """Whether an array is what the weight lost, but for a number."""
    if lost is None or array.shape != lost.shape:
        return False
    one, other = array.reshape(-1), lost.reshape(-1)
    return bool(np.allclose((one @ other) ** 2, (one @ one) * (other @ other)))
