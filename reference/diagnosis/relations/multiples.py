"""Relations of size: a multiple of what it should be, or off by a multiple of something."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

import numpy as np

from trigrad.claim.quantity import OUTPUT, Quantity
from trigrad.contracts.schema import Array, Contract
from trigrad.diagnosis.observation import Observation, Predict
from trigrad.diagnosis.relations.multipliers import TWICE, Factor, constant, factors, size_words
from trigrad.messages import Message


def multiple(seen: Sequence[Observation]) -> Iterator[tuple[Message, Predict]]:
    """A multiple of what it should be: by a constant, or by a size."""
    contract, quantity = seen[0].contract, seen[0].quantity
    for factor in _fitted(seen, lambda s: s.is_, lambda s: s.should_be):
        yield _times(contract, quantity, factor), partial(_multiplied, factor)


def _multiplied(factor: Factor, observation: Observation) -> Array:
    return np.asarray(factor.on(observation.case) * observation.should_be)


def _fitted(
    seen: Sequence[Observation],
    of: Callable[[Observation], Array],
    to: Callable[[Observation], Array | None],
) -> Iterator[Factor]:
    """The constant factor between two arrays if there is one, then all factors made of sizes."""
    for observation in seen:
        base = to(observation)
        if (
            base is None
            or observation.right
            or base.shape != of(observation).shape
            or not base.any()
        ):
            continue
        ratio = float(np.vdot(base, of(observation)) / np.vdot(base, base))
        found = constant(ratio)
        if found is not None:
            yield found
        break
    yield from factors(seen[0].contract)


def _times(contract: Contract, quantity: Quantity, factor: Factor) -> Message:
    if factor.equals(-1.0):
        return Message("relation.opposite_sign")
    inverse = factor.divisor and factor.number > 0
    key = "relation.share" if inverse else "relation.times"
    words = factor.explained(Message(key, factor=factor.written), contract)
    why = _why(contract, quantity, factor)
    return words if why is None else Message("relation.because", relation=words, why=why)


def _why(contract: Contract, quantity: Quantity, factor: Factor) -> Message | None:
    """What may have led to a factor."""
    if factor.base:
        return Message("why.logarithm", base=factor.base)
    mean = contract.promises.mean
    batch = size_words(contract, "N")
    if factor.equals(1.0, N=1) and mean:
        return Message("why.not_divided", size=batch)
    if factor.equals(1.0, N=-1):
        if mean:
            return Message("why.divided_twice", size=batch)
        if quantity.gradient_of in {v.name for v in contract.parameters}:
            return Message("why.mean")
        return Message("why.divided", size=batch)
    match factor.powers:
        case (("N", 1), (other, -1)) if mean:
            return Message("why.divided_by_other", other=size_words(contract, other), size=batch)
        case ((other, -1),):
            key = "why.also_divided" if mean else "why.divided"
            return Message(key, size=size_words(contract, other))
    return None


def off_by(seen: Sequence[Observation]) -> Iterator[tuple[Message, Predict]]:
    """Off by a constant, or by a multiple of one of the case's own arrays."""
    contract, quantity = seen[0].contract, seen[0].quantity
    for name in ("", *seen[0].case.shown):
        fitted = _fitted(seen, _difference, partial(_base, name))
        for factor in (*fitted, *(TWICE if contract.promises.mean else ())):
            yield _more(contract, quantity, factor, name), partial(_shifted, name, factor)


def _difference(observation: Observation) -> Array:
    same = observation.is_.shape == observation.should_be.shape
    return np.asarray(observation.is_ - observation.should_be) if same else observation.is_


def _base(name: str, observation: Observation) -> Array | None:
    """An array of the case, broadcast to the quantity's shape; None where NumPy cannot do that."""
    array = observation.case.shown[name] if name else np.ones(())
    try:
        return np.broadcast_to(array, observation.should_be.shape)
    except ValueError:
        return None


def _shifted(name: str, factor: Factor, observation: Observation) -> Array | None:
    added = _base(name, observation)
    return None if added is None else observation.should_be + factor.on(observation.case) * added


def _more(contract: Contract, quantity: Quantity, factor: Factor, name: str) -> Message:
    """By how much a quantity is off: by a factor, or by a factor times the array of that name."""
    size = factor.absolute
    if not name:
        key = "relation.too_small" if factor.number < 0 else "relation.too_large"
        return factor.explained(Message(key, size=size.written), contract)
    key = "relation.missing" if factor.number < 0 else "relation.too_much"
    words = factor.explained(Message(key, term=size.times(name)), contract)
    why = _why_off(contract, quantity, factor, name)
    return words if why is None else Message("relation.because", relation=words, why=why)


def _why_off(contract: Contract, quantity: Quantity, factor: Factor, name: str) -> Message | None:
    """What may have led to a term that is missing or too much."""
    size = factor.absolute
    once = size.equals(1.0) or size.equals(1.0, N=-1)
    twice = size.equals(2.0) or size.equals(2.0, N=-1)
    if factor.number < 0:
        if quantity == OUTPUT and name in contract.promises.added and size.equals(1.0):
            return Message("why.not_added")
        return Message("why.subtracted", name=name) if twice else None
    if once:
        return Message("why.not_subtracted", name=name)
    return Message("why.added", name=name) if twice else None


def inverse(_: Sequence[Observation]) -> Iterator[tuple[Message, Predict]]:
    """One divided by what it should be."""
    yield Message("relation.inverse"), lambda s: 1 / s.should_be
