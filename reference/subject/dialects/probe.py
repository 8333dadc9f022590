"""What only a running object shows: the layout of its weights, where they and gradients are kept.

The probe makes objects of its own, of sizes that are all different, and looks at what they hold.
Whatever goes wrong in it is left for the claims to find: they call the same methods, and report.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from reference.contract import Array, Contract, Domain, Variable, shape_of
from reference.subject.arguments import (
    FREE_RATE,
    OPTIMISER,
    RATE,
    arguments_of,
    is_rate,
    parameter_named,
)
from reference.subject.dialects.hand import SETUPS, Hand, Made, Reading
from reference.subject.dialects.layout import COLUMN, LAYOUTS, ROW, Layout
from reference.subject.dialects.places import Path, Step, arrays_in
from reference.subject.dialects.reading import Weights
from reference.subject.dialects.speakers import Speaker
from reference.subject.dialects.stored import looks_like_gradient
from reference.subject.signatures import UnknownDialectError

_LENGTHS = (4, 2, 3, 5, 6, 7)
"""All different, so that a shape tells its axes."""

_ERRORS = (Exception, SystemExit)


def read(contract: Contract, speaker: Speaker) -> Reading:
    """The reading of a class or of functions.

    Raises:
        UnknownDialectError: it cannot be found where the weights or their gradients are.
    """
    if not contract.parameters:
        return _Labels(contract, speaker).read() if speaker.labels else Reading()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return _Probe(contract, speaker).read()


@dataclass(frozen=True)
class _Try:
    """One object of the probe, after forward and perhaps backward."""

    hand: _Unrestored
    made: Made
    output: Any
    gradients: dict[str, Any]
    before: dict[Path, tuple[int, Array]]
    """What the object held before backward."""


class _Probe:
    """Looks for the weights of a class or pair, and for their gradients."""

    def __init__(self, contract: Contract, speaker: Speaker) -> None:
        self._contract = contract
        self._speaker = speaker
        self._sizes = dict(zip(contract.symbols, _LENGTHS, strict=False))
        random = np.random.RandomState(20)
        self._parameters = {
            v.name: random.randn(*shape_of(v.shape, self._sizes)) for v in contract.parameters
        }
        self._operands = [random.randn(*shape_of(v.shape, self._sizes)) for v in contract.operands]
        self._dout = random.randn(*shape_of(contract.output, self._sizes))

    def read(self) -> Reading:
        """Where weights and gradients are, and how they lie."""
        placed = self._speaker.weights is Weights.PLACED
        reading = self._placed() if placed else self._given()
        if reading is None:
            return Reading()
        tried = self._try(reading)
        if tried is None:
            return reading
        reading = self._with_gradients(reading, tried)
        if reading.layout.features_first:
            reading = replace(reading, mean=self._is_mean(reading))
        return replace(reading, notes=self._notes(reading))

    # --- trying a reading ---

    def _make(self, reading: Reading) -> tuple[Hand, Made]:
        hand = Hand(self._contract, self._speaker, reading)
        parameters = {n: a.copy() for n, a in self._parameters.items()}
        return hand, hand.make(parameters, self._sizes)

    def _forward(self, reading: Reading) -> tuple[Hand, Made, Any] | None:
        """An object after forward; None where that raises or gives no output of the shape."""
        try:
            hand, made = self._make(reading)
            output = hand.forward(made, [x.copy() for x in self._operands])
        except _ERRORS:
            return None
        due = shape_of(self._contract.output, self._sizes)
        return (hand, made, output) if _shape(output) == due else None

    def _try(self, reading: Reading, factor: float = 1.0) -> _Try | None:
        """An object after backward; None where a pass raises."""
        tried = self._forward(reading)
        if tried is None:
            return None
        _, made, output = tried
        before = {path: (id(a), a.copy()) for path, a in arrays_in(made.subject)}
        unrestored = _Unrestored(self._contract, self._speaker, reading)
        try:
            gradients = unrestored.backward(made, factor * self._dout)
        except _ERRORS:
            return None
        return _Try(unrestored, made, output, gradients, before)

    # --- weights that are given ---

    def _given(self) -> Reading | None:
        """The first layout in which forward gives the output's shape."""
        for layout in LAYOUTS:
            reading = Reading(layout)
            tried = self._forward(reading)
            if tried is None:
                continue
            reading = self._where_kept(reading, tried[1])
            if layout == Layout() or self._gives_dx(reading):
                return reading
        return None

    def _gives_dx(self, reading: Reading) -> bool:
        """Whether backward goes with a layout that is not the book's; else it's a slip."""
        tried = self._try(reading)
        if tried is None:
            return False
        names = [v.name for v in self._contract.operands if v.name in self._contract.gradients]
        due = [x.shape for x in self._operands]
        return [_shape(tried.gradients.get(n)) for n in names] == due

    def _where_kept(self, reading: Reading, made: Made) -> Reading:
        """Where the object keeps the weights that it was given, and which way round."""
        places: dict[str, tuple[Path, ...]] = {}
        turned: set[str] = set()
        for name, given in made.weights.items():
            found = [(p, a) for p, a in arrays_in(made.subject) if _holds_weight(a, given)]
            places[name] = tuple(p for p, _ in found)
            due = self._parameters[name].shape
            own = found[0][1].shape if found else given.shape
            if len(due) == 2 and own == due[::-1]:
                turned.add(name)
        return replace(reading, places=places, turned=frozenset(turned))

    # --- weights that the object makes ---

    def _placed(self) -> Reading | None:
        """Where the object keeps the weights that it makes itself."""
        plain = Hand(self._contract, self._speaker, Reading())
        plain.bare(self._parameters, self._sizes)  # what the constructor raises is reported
        error: BaseException | None = None
        for setup in self._setups(plain):
            for lazy in (False, True):
                reading = Reading(setup=setup, lazy=lazy)
                hand = Hand(self._contract, self._speaker, reading)
                try:
                    made = hand.bare(self._parameters, self._sizes)
                except _ERRORS as raised:
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
        subject = hand.bare(self._parameters, self._sizes).subject
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
        if self._forward(found) is None and self._forward(first) is not None:
            return first
        return found

    def _by_name(self) -> Reading | None:
        """The reading in which weights are set from outside, by their names."""
        subject = (
            Hand(self._contract, self._speaker, Reading())
            .bare(self._parameters, self._sizes)
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
            if self._forward(reading) is not None and (
                layout == Layout() or self._gives_dx(reading)
            ):
                return reading
        return Reading(places=places)

    # --- gradients ---

    def _with_gradients(self, reading: Reading, tried: _Try) -> Reading:
        """Where gradients are kept that backward neither returns nor keeps under a name."""
        gradients: dict[str, Path] = {}
        updates: set[str] = set()
        for name in self._parameters:
            if name in tried.gradients or tried.hand.stored(tried.made, name).declared:
                continue
            paths = self._by_value(reading, tried, name)
            if paths:
                gradients[name] = paths[0]
            elif name in tried.hand.lost(tried.made):
                updates.add(name)
        if updates:
            return self._with_updates(replace(reading, gradients=gradients), tried, updates)
        return replace(reading, gradients=gradients)

    def _by_value(self, reading: Reading, tried: _Try, name: str) -> list[Path]:
        """Arrays of the parameter's shape that backward made, and that follow dout."""
        places = set(reading.places.get(name, ()))
        shape = self._own_shape(reading, tried, name)
        handed = [*tried.made.operands.values(), *tried.made.weights.values()]
        handed += [v for v in tried.gradients.values() if isinstance(v, np.ndarray)]
        found = []
        for path, array in arrays_in(tried.made.subject):
            known = tried.before.get(path)
            changed = known is None or known[0] != id(array) or not np.array_equal(known[1], array)
            theirs = any(isinstance(h, np.ndarray) and np.shares_memory(h, array) for h in handed)
            if path not in places and array.shape == shape and changed and not theirs:
                found.append((path, array))
        if len(found) > 1:
            twice = self._try(reading, factor=2.0)
            held = dict(arrays_in(twice.made.subject)) if twice is not None else {}
            found = [(p, a) for p, a in found if p in held and np.allclose(held[p], 2 * a)]
        if len(found) > 1 and not all(np.array_equal(a, found[0][1]) for _, a in found):
            names = " and ".join(str(p) for p, _ in found)
            raise UnknownDialectError(
                f"it cannot be told which of {names} is the gradient of {name}"
            )
        return [path for path, _ in found]

    def _own_shape(self, reading: Reading, tried: _Try, name: str) -> tuple[int, ...]:
        for path in reading.places.get(name, ()):
            own = path.read(tried.made.subject)
            if isinstance(own, np.ndarray):
                return tuple(map(int, own.shape))
        return tried.made.weights[name].shape

    def _with_updates(self, reading: Reading, tried: _Try, updates: set[str]) -> Reading:
        """The gradients read from what backward takes from the weights in a step of size 1."""
        if not all(reading.places.get(name) for name in updates):
            return reading
        result = replace(reading, updates=frozenset(updates))
        if self._speaker.takes(RATE) or self._steps_by_ours(reading, tried.made):
            return result
        if self._speaker.takes(FREE_RATE):
            return replace(result, known_rate=True)
        rates = [
            name
            for name, value in getattr(tried.made.subject, "__dict__", {}).items()
            if is_rate(name) and isinstance(value, float | int)
        ]
        if rates:
            return replace(result, rate=rates[0])
        names = " and ".join(sorted(updates))
        raise UnknownDialectError(
            f"backward changes {names} by a step of unknown size and keeps no gradient of "
            f"{'it' if len(updates) == 1 else 'them'}"
        )

    def _steps_by_ours(self, reading: Reading, made: Made) -> bool:
        """Whether the optimiser is the one of step 1 that it was given."""
        method = getattr(made.subject, reading.setup, None) if reading.setup else None
        asked = arguments_of(method) if method is not None else []
        return self._speaker.takes(OPTIMISER) or any(a.bare.startswith("opt") for a in asked)

    def _is_mean(self, reading: Reading) -> bool:
        """Whether the first gradient of a parameter stays the same for every sample twice."""
        once = self._try(reading)
        first = next(iter(self._parameters))
        twice = replace_batch(self)
        if once is None or first not in once.gradients:
            return False
        both = twice._try(reading)
        if both is None or first not in both.gradients:
            return False
        one, two = once.gradients[first], both.gradients[first]
        return np.shape(one) == np.shape(two) and bool(np.allclose(one, two))

    def _notes(self, reading: Reading) -> tuple[str, ...]:
        notes = []
        if reading.layout.features_first:
            names = " and ".join(f"d{n}" for n in self._parameters)
            mean = f", {names} divided by m as in deeplearning.ai's course" if reading.mean else ""
            notes.append(f"read as features-first{mean}")
        elif reading.turned:
            notes += [f"{n} is kept as (M, D)" for n in sorted(reading.turned)]
        for name, path in reading.gradients.items():
            notes.append(f"the gradient of {name} is read from {path}")
        if reading.updates:
            names = " and ".join(n for n in self._parameters if n in reading.updates)
            plural, verb = ("s", "are") if len(reading.updates) > 1 else ("", "is")
            notes.append(
                f"the gradient{plural} of {names} {verb} read from what backward subtracts"
            )
        return tuple(notes)


def replace_batch(probe: _Probe) -> _Probe:
    """The same probe with every sample twice."""
    twice = _Probe(probe._contract, probe._speaker)
    twice._sizes = {**twice._sizes, "N": 2 * twice._sizes["N"]}
    twice._operands = [np.concatenate([x, x]) for x in probe._operands]
    twice._dout = np.concatenate([probe._dout, probe._dout])
    return twice


class _Unrestored(Hand):
    """A hand that leaves the weights as backward left them, for the probe to see."""

    def _put_back(self, made: Made) -> None:
        made.overwritten = self._changed(made)

    def lost(self, made: Made) -> tuple[str, ...]:
        """The parameters that backward has changed."""
        return made.overwritten


def _shape(value: Any) -> tuple[int, ...] | None:
    """The shape of an array or number; None for anything else."""
    if isinstance(value, np.ndarray):
        return value.shape
    return () if isinstance(value, int | float | np.number) else None


def _holds_weight(array: Array, given: Array) -> bool:
    """Whether an array is the weight that was given, reshaped or transposed perhaps."""
    if array.size != given.size:
        return False
    return np.array_equal(array.reshape(-1), given.reshape(-1)) or np.array_equal(array.T, given)


def _fits(shape: tuple[int, ...], due: tuple[int, ...]) -> bool:
    if len(due) == 2:
        return shape in (due, due[::-1])
    return shape in (due, (1, *due), (*due, 1))


def _chosen(variable: Variable, fits: list[tuple[Path, Array]]) -> Array | None:
    """The one array that is the weight: by its name, else the only one that is no gradient."""
    fits = [(p, a) for p, a in fits if not looks_like_gradient(p.name, variable.name)]
    named = [
        a for p, a in fits if parameter_named(p.name.lower().replace("_", ""), [variable.name])
    ]
    if named:
        return named[0]
    different = list({id(a): a for _, a in fits}.values())
    if len(different) > 1:
        different = [a for a in different if a.any()] or different
    return different[0] if different else None


class _Labels:
    """Whether a function takes its target as class labels only."""

    def __init__(self, contract: Contract, speaker: Speaker) -> None:
        self._contract = contract
        self._speaker = speaker

    def read(self) -> Reading:
        """One-hot targets where they give a loss, else labels where these do."""
        hot = [v.name for v in self._contract.operands if v.domain is Domain.ONE_HOT]
        if not hot:
            return Reading()
        note = (f"{hot[0]} is handed over as class labels",)
        for reading in (Reading(), Reading(labels=hot[0], notes=note)):
            if self._works(reading):
                return reading
        return Reading()

    def _works(self, reading: Reading) -> bool:
        sizes = dict(zip(self._contract.symbols, _LENGTHS, strict=False))
        operands = list(_sample(self._contract, sizes))
        hand = Hand(self._contract, self._speaker, reading)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                made = hand.make({}, sizes)
                output = hand.forward(made, operands)
                gradients = hand.backward(made, None)
            except _ERRORS:
                return False
        first = self._contract.operands[0].name
        return np.size(output) == 1 and _shape(gradients.get(first)) == operands[0].shape


def _sample(contract: Contract, sizes: dict[str, int]) -> Iterator[Array]:
    random = np.random.RandomState(20)
    for variable in contract.operands:
        shape = shape_of(variable.shape, sizes)
        if variable.domain is Domain.ONE_HOT:
            yield np.eye(shape[1])[np.arange(shape[0]) % shape[1]]
        else:
            yield random.randn(*shape)
