"""Discover the conventions that only an object shows.

These are the layout of its weights, and the attributes that hold weights and gradients. To find
them, objects are created with sizes that are all different, and their attributes are searched.
Errors are ignored here: the claims call the same methods later, and report them.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import replace

from trigrad.contracts.schema import Array, Contract
from trigrad.subject.dialects.adapters import Adapter
from trigrad.subject.dialects.argument_matching import WeightDelivery
from trigrad.subject.dialects.array_layout import COLUMN, ROW
from trigrad.subject.dialects.conventions import Conventions
from trigrad.subject.dialects.experiments import Experiments
from trigrad.subject.dialects.gradient_discovery import GradientFinder
from trigrad.subject.dialects.label_discovery import LabelFinder
from trigrad.subject.dialects.weight_discovery import WeightFinder


def discover_conventions(contract: Contract, adapter: Adapter) -> Conventions:
    """The conventions of a class or of functions.

    Raises:
        UnknownDialectError: the attributes with weights or gradients are not found.
    """
    if not contract.parameters:
        return LabelFinder(contract, adapter).find() if adapter.may_take_labels else Conventions()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return _discover(Experiments(contract, adapter))


def _discover(experiments: Experiments) -> Conventions:
    weights, gradients = WeightFinder(experiments), GradientFinder(experiments)
    written = experiments.adapter.weights is WeightDelivery.WRITTEN
    conventions = weights.of_own_weights() if written else weights.of_given_weights()
    if conventions is None:
        return Conventions()
    run = experiments.run(conventions)
    if run is None:
        return conventions
    conventions = gradients.with_gradients(conventions, run)
    if conventions.layout.features_first:
        conventions = replace(conventions, mean=gradients.is_mean(conventions))
    return replace(conventions, notes=_notes(conventions, experiments.parameters))


_BIASES = {ROW: "(1, M)", COLUMN: "(M, 1)"}


def _notes(conventions: Conventions, parameters: Mapping[str, Array]) -> tuple[str, ...]:
    """What a learner should know of the conventions, in sentences."""
    notes = []
    if conventions.layout.features_first:
        names = " and ".join(f"d{n}" for n in parameters)
        mean = f", {names} divided by m as in deeplearning.ai's course" if conventions.mean else ""
        undivided = " and nothing is divided by m" if conventions.mean else ""
        shown = f"; below, rows are samples{undivided}"
        notes.append(f"read as features-first{mean}{shown}")
    elif conventions.transposed:
        notes += [f"{n} is stored as (M, D)" for n in sorted(conventions.transposed)]
    if conventions.layout.bias in _BIASES and not conventions.layout.features_first:
        vectors = [n for n, array in parameters.items() if array.ndim == 1]
        notes += [f"{n} is passed as {_BIASES[conventions.layout.bias]}" for n in vectors]
    for name, path in conventions.gradient_paths.items():
        notes.append(f"the gradient of {name} is read from {path}")
    if conventions.updated:
        names = " and ".join(n for n in parameters if n in conventions.updated)
        plural, verb = ("s", "are") if len(conventions.updated) > 1 else ("", "is")
        notes.append(f"the gradient{plural} of {names} {verb} read from what backward subtracts")
    return tuple(notes)
