"""Relations on the two sides of a kink: exchanged, not 0 beyond it, another threshold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np

from reference.contract import Array
from reference.verdict.factors import Factor, constant, times
from reference.verdict.sight import OUTPUT, Predict, Sight

Words = Iterator[tuple[str, Predict]]


def _operand(sights: Sequence[Sight]) -> str:
    """The operand that has the kink; empty where the row has none at one place."""
    contract = sights[0].contract
    alone = len(contract.variables) == 1 and contract.kink_at is not None
    return contract.variables[0].name if alone else ""


def exchanged(sights: Sequence[Sight]) -> Words:
    """What is to be kept is dropped, and what is to be dropped is kept."""
    name = _operand(sights)
    if name:
        at = f"{name} = {sights[0].contract.kink_at:g}"
        yield (
            f"kept where it should be 0, and 0 where it should be kept: the two sides of {at} are "
            "exchanged",
            lambda s: _source(s) - s.should_be if _source(s).shape == s.should_be.shape else None,
        )


def _source(sight: Sight) -> Array:
    """What a quantity is on the side where it is not 0: the operand, or dout."""
    if sight.name == OUTPUT:
        return next(iter(sight.case.operands.values()))
    assert sight.case.dout is not None, "a loss has no kink of its own"
    return sight.case.dout


def beyond(sights: Sequence[Sight]) -> Words:
    """Right on the one side of the kink, a multiple of what came in where it should be 0."""
    name = _operand(sights)
    what = name if sights[0].name == OUTPUT else "dout"
    for sight in sights if name else ():
        wrong = (sight.should_be == 0) if sight.is_.shape == sight.should_be.shape else None
        if wrong is None or not wrong.any():
            continue
        source = _source(sight)[wrong]
        factor = constant(float(np.vdot(source, sight.is_[wrong]) / np.vdot(source, source)))
        if factor is not None:
            words = f"{times(factor.text, what)} where it should be 0, and right elsewhere"
            yield words, partial(_let_through, factor)
        return


def _let_through(factor: Factor, sight: Sight) -> Array:
    due = sight.should_be
    return np.where(due == 0, factor.of(sight.case) * _source(sight), due)


def threshold(sights: Sequence[Sight]) -> Words:
    """Right from another place on than the kink, and 0 up to there."""
    name = _operand(sights)
    same = [s for s in sights if name and s.is_.shape == s.should_be.shape]
    if not same:
        return
    x = np.concatenate([s.case.arrays[name].ravel() for s in same])
    is_ = np.concatenate([s.is_.ravel() for s in same])
    due = np.concatenate([s.should_be.ravel() for s in same])
    dropped, kept = x[(is_ == 0) & (due != 0)], x[(is_ != 0) & (due != 0)]
    if dropped.size and kept.size and dropped.max() < kept.min():
        low, high = float(dropped.max()), float(kept.min())
        at = sights[0].contract.kink_at
        yield (
            f"0 up to {name} = {low:.3g} at least, and right from {name} = {high:.3g} on: the "
            f"limit should be {at:g}",
            lambda s: np.where(s.case.arrays[name] <= low, 0.0, s.should_be),
        )
