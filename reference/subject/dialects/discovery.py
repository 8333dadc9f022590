"""What only a running object shows: the layout of its weights, where they and gradients are kept.

The probe makes objects of its own, of sizes that are all different, and looks at what they hold.
Whatever goes wrong in it is left for the claims to find: they call the same methods, and report.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import replace

from trigrad.contracts.schema import Array, Contract
from trigrad.subject.dialects.adapters import Speaker
from trigrad.subject.dialects.argument_matching import Weights
from trigrad.subject.dialects.array_layout import COLUMN, ROW
from trigrad.subject.dialects.conventions import Reading
from trigrad.subject.dialects.experiments import Trials
from trigrad.subject.dialects.gradient_discovery import GradientFinder
from trigrad.subject.dialects.label_discovery import LabelFinder
from trigrad.subject.dialects.weight_discovery import WeightFinder


def read(contract: Contract, speaker: Speaker) -> Reading:
    """The reading of a class or of functions.

    Raises:
        UnknownDialectError: it cannot be found where the weights or their gradients are.
    """
    if not contract.parameters:
        return LabelFinder(contract, speaker).read() if speaker.labels else Reading()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return _read(Trials(contract, speaker))


def _read(trials: Trials) -> Reading:
    weights, gradients = WeightFinder(trials), GradientFinder(trials)
    placed = trials.speaker.weights is Weights.PLACED
    reading = weights.placed() if placed else weights.given()
    if reading is None:
        return Reading()
    tried = trials.attempt(reading)
    if tried is None:
        return reading
    reading = gradients.located(reading, tried)
    if reading.layout.features_first:
        reading = replace(reading, mean=gradients.is_mean(reading))
    return replace(reading, notes=_notes(reading, trials.parameters))


FEATURES_FIRST = "read as features-first"
"""Begins the note on a layer whose samples are columns."""

_BIASES = {ROW: "(1, M)", COLUMN: "(M, 1)"}


def _notes(reading: Reading, parameters: Mapping[str, Array]) -> tuple[str, ...]:
    """What a learner should know of the reading."""
    notes = []
    if reading.layout.features_first:
        names = " and ".join(f"d{n}" for n in parameters)
        mean = f", {names} divided by m as in deeplearning.ai's course" if reading.mean else ""
        shown = "; below, rows are samples" + " and nothing is divided by m" * reading.mean
        notes.append(f"{FEATURES_FIRST}{mean}{shown}")
    elif reading.turned:
        notes += [f"{n} is kept as (M, D)" for n in sorted(reading.turned)]
    if reading.layout.bias in _BIASES and not reading.layout.features_first:
        vectors = [n for n, array in parameters.items() if array.ndim == 1]
        notes += [f"{n} is given as {_BIASES[reading.layout.bias]}" for n in vectors]
    for name, path in reading.gradients.items():
        notes.append(f"the gradient of {name} is read from {path}")
    if reading.updates:
        names = " and ".join(n for n in parameters if n in reading.updates)
        plural, verb = ("s", "are") if len(reading.updates) > 1 else ("", "is")
        notes.append(f"the gradient{plural} of {names} {verb} read from what backward subtracts")
    return tuple(notes)
