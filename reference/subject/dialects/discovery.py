"""Discover the conventions that only calls show.

These are: which of several ways to call the passes works, where the results are in what they
return, the layout of the weights, the attributes that hold weights and gradients, and what sets
gradients to zero that add up. To find them, objects are created with sizes that are all different,
and their results and attributes are searched. Errors are ignored here: the claims call the same
methods later, and report them.

A layer without weights that is called in one way only keeps the usual conventions, without a trial
of its passes, until one of them returns something else: what its first call does is then seen in
the claim that makes it.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

import numpy as np

from trigrad.contracts.schema import Contract
from trigrad.subject.dialects.adapters import Adapter
from trigrad.subject.dialects.argument_matching import WeightDelivery
from trigrad.subject.dialects.argument_roles import CACHE
from trigrad.subject.dialects.clearing_discovery import ClearingFinder
from trigrad.subject.dialects.convention_notes import notes_on
from trigrad.subject.dialects.conventions import Conventions, OneSample
from trigrad.subject.dialects.experiments import BackwardRun, Experiments
from trigrad.subject.dialects.gradient_discovery import GradientFinder
from trigrad.subject.dialects.label_discovery import LabelFinder
from trigrad.subject.dialects.returned_discovery import with_returned
from trigrad.subject.dialects.returned_parts import value_shape
from trigrad.subject.dialects.signatures import UnknownDialectError
from trigrad.subject.dialects.weight_discovery import WeightFinder


@dataclass(frozen=True)
class Beside:
    """What the text beside a layer shows of how it is used."""

    clears: Callable[[Collection[str], Collection[str]], str] = lambda *_: ""
    """Where it sets attributes of these names, which objects of these classes hold, to zero; "" if
    nowhere."""
    trains: Callable[[Collection[str]], bool] = lambda _: False
    """Whether it trains with attributes of these names, and nothing may set them to zero."""
    has_batches: Callable[[], bool] = lambda: False
    """Whether more than one sample is passed at a time, so far as it shows."""


NOTHING_BESIDE = Beside()
"""Where the text is not known, or is not asked for."""


def needs_trial(contract: Contract, adapter: Adapter) -> bool:
    """Whether only calls show how a layer is called, or where its weights are."""
    return bool(contract.parameters or adapter.others or adapter.doubt)


def usual_conventions(contract: Contract, adapter: Adapter) -> Conventions:
    """The conventions of a layer that needs no trial; only whether it takes labels is tried."""
    conventions = _of_targets(contract, adapter)
    return replace(conventions, notes=notes_on(conventions, Experiments(contract, adapter)))


def discover_conventions(
    contract: Contract, adapter: Adapter, beside: Beside = NOTHING_BESIDE
) -> tuple[Adapter, Conventions]:
    """The conventions of a class or of functions, and the way to call them.

    Raises:
        UnknownDialectError: the attributes with weights or gradients are not found.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        doubt = adapter.doubt
        for chosen in (adapter, *adapter.others):
            experiments = Experiments(contract, chosen)
            try:
                conventions = _discover(experiments, beside)
            except UnknownDialectError:
                if not adapter.others:
                    raise
                continue
            if not (adapter.others or adapter.doubt) or _works(experiments, conventions):
                return chosen, replace(conventions, notes=notes_on(conventions, experiments))
        if doubt:
            raise UnknownDialectError(doubt)
        experiments = Experiments(contract, adapter)
        conventions = _discover(experiments, beside)
    return adapter, replace(conventions, notes=notes_on(conventions, experiments))


def _discover(experiments: Experiments, beside: Beside) -> Conventions:
    if not experiments.parameters:
        plain = _of_targets(experiments.contract, experiments.adapter)
        run = experiments.run(plain)
        return plain if run is None else with_returned(experiments, plain, run)
    conventions = _of_weights(experiments, beside)
    return (
        conventions
        if _complete(experiments, conventions)
        else _of_one_sample(experiments, conventions, beside)
    )


def _of_targets(contract: Contract, adapter: Adapter) -> Conventions:
    """Whether a loss takes its targets as class labels."""
    return LabelFinder(contract, adapter).find() if adapter.may_take_labels else Conventions()


def _of_weights(experiments: Experiments, beside: Beside) -> Conventions:
    """The conventions of a layer with weights."""
    weights, gradients = WeightFinder(experiments), GradientFinder(experiments)
    clearing = ClearingFinder(experiments)
    written = experiments.adapter.weights is WeightDelivery.WRITTEN
    conventions = weights.of_own_weights() if written else weights.of_given_weights()
    if conventions is None:
        return Conventions()
    run = experiments.run(conventions)
    if run is None:
        conventions = clearing.that_lets_backward_run(conventions)
        run = experiments.run(conventions)
    if run is None:
        return conventions
    conventions = with_returned(experiments, conventions, run)
    conventions = gradients.with_gradients(conventions, run)
    conventions = clearing.with_clearing(conventions, beside.clears, beside.trains)
    if conventions.layout.features_first:
        conventions = replace(conventions, mean=gradients.is_mean(conventions))
    return conventions


def _of_one_sample(
    experiments: Experiments, conventions: Conventions, beside: Beside
) -> Conventions:
    """The conventions of a class that works for one sample and not for a batch, if it is one.

    One that divides by the batch size means to work for batches. A sample that is a row is a batch
    of one, for which the book's layer is: it must be one for its own bias, and nothing beside it
    may pass batches.
    """
    if experiments.adapter.is_pair or conventions.mean:
        return conventions
    for how in OneSample:
        one = experiments.of_one_sample(how)
        try:
            found = _of_weights(one, beside)
        except UnknownDialectError:
            continue
        meant = how is OneSample.VECTOR or found.layout.features_first is (how is OneSample.COLUMN)
        if how is OneSample.ROW and beside.has_batches():
            continue
        if meant and _complete(one, found):
            return replace(found, one_sample=how, mean=False)
    return conventions


def _complete(experiments: Experiments, conventions: Conventions) -> bool:
    """Whether every gradient is there and has the right shape."""
    run = experiments.run(conventions)
    contract = experiments.contract
    arrays = dict(zip((v.name for v in contract.operands), experiments.operands, strict=True))
    arrays |= experiments.parameters
    return run is not None and all(
        value_shape(run.gradients.get(name)) == arrays[name].shape for name in contract.gradients
    )


def _works(experiments: Experiments, conventions: Conventions) -> bool:
    """Whether the passes give arrays of the right shapes, and gradients that follow dout."""
    once = experiments.run(conventions)
    if once is None or (experiments.adapter.backward_plan.takes(CACHE) and not once.caches):
        return False
    operands = [
        v for v in experiments.contract.operands if v.name in experiments.contract.gradients
    ]
    due = {v.name: x.shape for v, x in zip(operands, experiments.operands, strict=False)}
    if any(value_shape(once.gradients.get(n)) != shape for n, shape in due.items()):
        return False
    if experiments.dout is None:
        return True
    twice = experiments.run(conventions, factor=2.0)
    return twice is not None and all(_doubled(once, twice, name) for name in due)


def _doubled(once: BackwardRun, twice: BackwardRun, name: str) -> bool:
    one, two = once.gradients[name], twice.gradients.get(name)
    same = two is not None and value_shape(one) == value_shape(two)
    return same and bool(np.any(one)) and bool(np.allclose(np.asarray(two), 2 * one))
