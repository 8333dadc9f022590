"""Relations on the two sides of a kink: exchanged, not 0 beyond it, another threshold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np

from trigrad.contracts.schema import Array
from trigrad.diagnosis.observation import OUTPUT, Observation, Predict
from trigrad.diagnosis.relations.multipliers import Factor, constant, times

Words = Iterator[tuple[str, Predict]]


def _operand(seen: Sequence[Observation]) -> str:
    """The operand that has the kink; empty where the row has none at one place."""
    contract = seen[0].contract
    alone = len(contract.variables) == 1 and contract.promises.kink_at is not None
    return contract.variables[0].name if alone else ""


def exchanged(seen: Sequence[Observation]) -> Words:
    """What is to be kept is dropped, and what is to be dropped is kept."""
    name = _operand(seen)
    if name:
        at = f"{name} = {seen[0].contract.promises.kink_at:g}"
        yield (
            f"kept where it should be 0, and 0 where it should be kept: the two sides of {at} are "
            "exchanged",
            lambda s: _source(s) - s.should_be if _source(s).shape == s.should_be.shape else None,
        )


def _source(observation: Observation) -> Array:
    """What a quantity is on the side where it is not 0: the operand, or dout."""
    if observation.name == OUTPUT:
        return next(iter(observation.case.operands.values()))
    assert observation.case.dout is not None, "a loss has no kink of its own"
    return observation.case.dout


def beyond(seen: Sequence[Observation]) -> Words:
    """Right on the one side of the kink, a multiple of what came in where it should be 0."""
    name = _operand(seen)
    what = name if seen[0].name == OUTPUT else "dout"
    for observation in seen if name else ():
        wrong = (
            (observation.should_be == 0)
            if observation.is_.shape == observation.should_be.shape
            else None
        )
        if wrong is None or not wrong.any():
            continue
        source = _source(observation)[wrong]
        factor = constant(float(np.vdot(source, observation.is_[wrong]) / np.vdot(source, source)))
        if factor is not None:
            words = f"{times(factor.text, what)} where it should be 0, and right elsewhere"
            yield words, partial(_let_through, factor)
        return


def _let_through(factor: Factor, observation: Observation) -> Array:
    due = observation.should_be
    return np.where(due == 0, factor.of(observation.case) * _source(observation), due)


def threshold(seen: Sequence[Observation]) -> Words:
    """Right from another place on than the kink, and 0 up to there."""
    name = _operand(seen)
    same = [s for s in seen if name and s.is_.shape == s.should_be.shape]
    if not same:
        return
    x = np.concatenate([s.case.arrays[name].ravel() for s in same])
    is_ = np.concatenate([s.is_.ravel() for s in same])
    due = np.concatenate([s.should_be.ravel() for s in same])
    dropped, kept = x[(is_ == 0) & (due != 0)], x[(is_ != 0) & (due != 0)]
    if dropped.size and kept.size and dropped.max() < kept.min():
        low, high = float(dropped.max()), float(kept.min())
        at = seen[0].contract.promises.kink_at
        yield (
            f"0 up to {name} = {low:.3g} at least, and right from {name} = {high:.3g} on: the "
            f"limit should be {at:g}",
            lambda s: np.where(s.case.arrays[name] <= low, 0.0, s.should_be),
        )
