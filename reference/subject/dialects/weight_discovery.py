"""Where an object keeps its weights, and how they lie."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from trigrad.contracts.schema import Array, Variable
from trigrad.subject.dialects.argument_roles import parameter_named
from trigrad.subject.dialects.array_layout import COLUMN, LAYOUTS, ROW, Layout
from trigrad.subject.dialects.array_paths import Path, Step, arrays_in
from trigrad.subject.dialects.conventions import SETUPS, Made, Reading
from trigrad.subject.dialects.experiments import ERRORS, Trials, value_shape
from trigrad.subject.dialects.layer_caller import Hand
from trigrad.subject.dialects.named_gradients import looks_like_gradient
from trigrad.subject.dialects.signatures import UnknownDialectError


class WeightFinder:
    """Finds the weights of a class or pair of functions."""

    def __init__(self, trials: Trials) -> None:
        self._trials = trials
        self._contract = trials.contract
        self._parameters = trials.parameters

    # --- weights that are given ---

    def given(self) -> Reading | None:
        """The first layout in which forward gives the output's shape."""
        for layout in LAYOUTS:
            reading = Reading(layout)
            tried = self._trials.forward(reading)
            if tried is None:
                continue
            reading = self._where_kept(reading, tried[1])
            if layout == Layout() or self._gives_dx(reading):
                return reading
        return None

    def _gives_dx(self, reading: Reading) -> bool:
        """Whether backward goes with a layout that is not the book's; else it's a slip."""
        tried = self._trials.attempt(reading)
        if tried is None:
            return False
        names = [v.name for v in self._contract.operands if v.name in self._contract.gradients]
        due = [x.shape for x in self._trials.operands]
        return [value_shape(tried.gradients.get(n)) for n in names] == due

    def _where_kept(self, reading: Reading, made: Made) -> Reading:
        """Where the object keeps the weights that it was given, and which way round."""
        places: dict[str, tuple[Path, ...]] = {}
        turned: set[str] = set()
        for name, given in made.weights.items():
            found = [(p, a) for p, a in arrays_in(made.subject) if _holds_weight(a, given)]
            # W and its transpose may both be there: the one that lies as W was given counts.
            found.sort(key=lambda f: (f[1].shape != given.shape, _likeness(f[0], name)))
            places[name] = tuple(p for p, _ in found)
            due = self._parameters[name].shape
            own = found[0][1].shape if found else given.shape
            if len(due) == 2 and own == due[::-1]:
                turned.add(name)
        return replace(reading, places=places, turned=frozenset(turned))

    # --- weights that the object makes ---

    def placed(self) -> Reading | None:
        """Where the object keeps the weights that it makes itself; None if forward can't run.

        Raises:
            UnknownDialectError: they are not found.
        """
        plain = Hand(self._contract, self._trials.speaker, Reading())
        plain.bare(self._parameters, self._trials.sizes)  # what the constructor raises is reported
        error: BaseException | None = None
        for setup in self._setups(plain):
            for lazy in (False, True):
                reading = Reading(setup=setup, lazy=lazy)
                hand = Hand(self._contract, self._trials.speaker, reading)
                try:
                    made = hand.bare(self._parameters, self._trials.sizes)
                except ERRORS as raised:
                    error = raised
                    continue
                found = self._among(reading, made)
                if found is not None:
                    return found
        by_name = self._by_name()
        if by_name is not None:
            return by_name
        if isinstance(error, NameError):
            return None  # a slip of the learner's, which forward meets and reports again
        names = " and ".join(self._parameters)
        why = f": {type(error).__name__}: {error}" if error is not None else ""
        raise UnknownDialectError(f"it cannot be found where it keeps {names}{why}")

    def _setups(self, hand: Hand) -> list[str]:
        subject = hand.bare(self._parameters, self._trials.sizes).subject
        return ["", *(name for name in SETUPS if callable(getattr(subject, name, None)))]

    def _among(self, reading: Reading, made: Made) -> Reading | None:
        """The reading in which every parameter is one of the arrays that an object holds."""
        arrays = list(arrays_in(made.subject))
        places: dict[str, tuple[Path, ...]] = {}
        shapes: dict[str, tuple[int, ...]] = {}
        for variable in self._contract.parameters:
            due = self._parameters[variable.name].shape
            fits = [(p, a) for p, a in arrays if _fits(a.shape, due)]
            chosen = _chosen(variable, fits)
            if chosen is None:
                return None
            places[variable.name] = tuple(p for p, a in arrays if a is chosen)
            shapes[variable.name] = chosen.shape
        weights = [n for n, a in self._parameters.items() if a.ndim == 2]
        turned = frozenset(n for n in weights if shapes[n] == self._parameters[n].shape[::-1])
        rows = [s for n, s in shapes.items() if n not in weights]
        bias: tuple[int, ...] = (-1,)
        if rows and len(rows[0]) == 2:
            bias = ROW if rows[0][0] == 1 else COLUMN
        layout = Layout(bool(turned), bias)
        found = replace(reading, places=places, turned=turned, layout=layout)
        first = replace(found, layout=replace(layout, features_first=True))
        if self._trials.forward(found) is None and self._trials.forward(first) is not None:
            return first
        return found

    def _by_name(self) -> Reading | None:
        """The reading in which weights are set from outside, by their names."""
        subject = (
            Hand(self._contract, self._trials.speaker, Reading())
            .bare(self._parameters, self._trials.sizes)
            .subject
        )
        places: dict[str, tuple[Path, ...]] = {}
        for attribute, value in vars(subject).items() if hasattr(subject, "__dict__") else ():
            name = parameter_named(attribute.lower().replace("_", ""), list(self._parameters))
            if name and (value is None or isinstance(value, np.ndarray)):
                places.setdefault(name, (Path((Step(True, attribute),)),))
        if set(places) != set(self._parameters):
            return None
        for layout in LAYOUTS:
            turned = frozenset(n for n, a in self._parameters.items() if a.ndim == 2)
            reading = Reading(layout, places, turned if layout.turned else frozenset())
            if self._trials.forward(reading) is not None and (
                layout == Layout() or self._gives_dx(reading)
            ):
                return reading
        return Reading(places=places)


def _holds_weight(array: Array, given: Array) -> bool:
    """Whether an array is the weight that was given, reshaped or transposed perhaps."""
    if array.size != given.size:
        return False
    return np.array_equal(array.reshape(-1), given.reshape(-1)) or np.array_equal(array.T, given)


def _likeness(path: Path, name: str) -> int:
    """0 for a place that is called as the parameter is, 1 for another word for it, else 2."""
    bare = path.name.lower().replace("_", "")
    if bare == name.lower():
        return 0
    return 1 if parameter_named(bare, [name]) else 2


def _fits(shape: tuple[int, ...], due: tuple[int, ...]) -> bool:
    if len(due) == 2:
        return shape in (due, due[::-1])
    return shape in (due, (1, *due), (*due, 1))


def _chosen(variable: Variable, fits: list[tuple[Path, Array]]) -> Array | None:
    """The one array that is the weight: by its name, else the only one that is no gradient."""
    fits = [(p, a) for p, a in fits if not looks_like_gradient(p.name, variable.name)]
    named = [(p, a) for p, a in fits if _likeness(p, variable.name) < 2]
    if named:
        return min(named, key=lambda f: _likeness(f[0], variable.name))[1]
    held = {id(a): a for _, a in fits}
    different = [a for a in held.values() if id(a.base) not in held]  # no views of another one
    if len(different) > 1:
        different = [a for a in different if a.any()] or different
    return different[0] if different else None
