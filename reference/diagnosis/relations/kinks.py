"""Relations on the two sides of a kink: exchanged, not 0 beyond it, another threshold."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np

from trigrad.claim.quantity import OUTPUT
from trigrad.contracts.schema import Array
from trigrad.diagnosis.observation import Candidates, Observation
from trigrad.diagnosis.relations.multipliers import Factor, constant
from trigrad.messages import Message


def _operand(seen: Sequence[Observation]) -> str:
    """The operand that has the kink; empty where the row has none at one place."""
    contract = seen[0].contract
    alone = len(contract.variables) == 1 and contract.promises.kink_at is not None
    return contract.variables[0].name if alone else ""


def _kink(seen: Sequence[Observation]) -> float:
    at = seen[0].contract.promises.kink_at
    assert at is not None, "asked for the operand that has the kink"
    return at


def exchanged(seen: Sequence[Observation]) -> Candidates:
    """The two sides of the kink are swapped."""
    name = _operand(seen)
    if name:
        yield (
            Message("kink.swapped", name=name, at=_kink(seen)),
            lambda s: _source(s) - s.should_be if _source(s).shape == s.should_be.shape else None,
        )


def _source(observation: Observation) -> Array:
    """What a quantity is on the side where it is not 0: the operand, or dout."""
    if observation.quantity == OUTPUT:
        return next(iter(observation.case.operands.values()))
    assert observation.case.dout is not None, "a loss has no kink of its own"
    return observation.case.dout


def beyond(seen: Sequence[Observation]) -> Candidates:
    """Right on one side of the kink; on the other, a multiple of what came in instead of 0."""
    name = _operand(seen)
    what = name if seen[0].quantity == OUTPUT else "dout"
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
            yield (
                Message("kink.let_through", term=factor.times(what)),
                partial(_let_through, factor),
            )
        return


def _let_through(factor: Factor, observation: Observation) -> Array:
    due = observation.should_be
    return np.where(due == 0, factor.on(observation.case) * _source(observation), due)


def threshold(seen: Sequence[Observation]) -> Candidates:
    """Another threshold than the kink: 0 below it, and right above it."""
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
        yield (
            Message("kink.threshold", name=name, low=low, high=high, at=_kink(seen)),
            lambda s: np.where(s.case.arrays[name] <= low, 0.0, s.should_be),
        )
