"""Relations of size: a multiple of what should be, or off by a multiple of something."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

import numpy as np

from trigrad.contracts.schema import Array, Contract
from trigrad.diagnosis.observation import OUTPUT, Observation, Predict
from trigrad.diagnosis.relations.multipliers import (
    TWICE,
    Factor,
    constant,
    factors,
    symbol_words,
    times,
)


def multiple(seen: Sequence[Observation]) -> Iterator[tuple[str, Predict]]:
    """A multiple of what it should be: by a constant, or by a number that a size decides."""
    contract, name = seen[0].contract, seen[0].name
    for factor in _fitted(seen, lambda s: s.is_, lambda s: s.should_be):
        yield _times(contract, name, factor), partial(_multiplied, factor)


def _multiplied(factor: Factor, observation: Observation) -> Array:
    return np.asarray(factor.of(observation.case) * observation.should_be)


def _fitted(
    seen: Sequence[Observation],
    of: Callable[[Observation], Array],
    to: Callable[[Observation], Array | None],
) -> Iterator[Factor]:
    """The constant by which one array is a multiple of the other, and what sizes may decide."""
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


def _times(contract: Contract, name: str, factor: Factor) -> str:
    if factor.text == "-1":
        return "the sign is the opposite of what it should be"
    how = "of" if factor.text.startswith("1/") else "times"
    words = f"{factor.text} {how} what it should be"
    if factor.text in ("1/ln(10)", "1/ln(2)"):
        base = factor.text[5:-1]
        return f"{words}: the logarithm to base {base} in place of the natural one"
    meaning = factor.meaning(contract)
    if meaning:
        words += f" ({meaning})"
    return words + _why(contract, name, factor)


def _why(contract: Contract, name: str, factor: Factor) -> str:
    size = symbol_words(contract, "N")
    match factor.text:
        case "N" if contract.promises.mean:
            return f": the division by {size} is missing"
        case "1/N" if contract.promises.mean:
            return f": it is divided by {size} twice"
        case "1/N" if name in {v.name for v in contract.parameters}:
            return ": the mean over the batch in place of the sum"
        case "1/N":
            return f": it is divided by {size}"
        case text if contract.promises.mean and text.startswith("N/"):
            other = symbol_words(contract, text[2:])
            return f": it is divided by {other} in place of {size}"
        case text if text.startswith("1/") and factor.powers and "*" not in text:
            other = symbol_words(contract, factor.powers[0][0])
            also = " also" if contract.promises.mean else ""
            return f": it is{also} divided by {other}"
    return ""


def off_by(seen: Sequence[Observation]) -> Iterator[tuple[str, Predict]]:
    """Off by a constant, or by a multiple of one of the case's own arrays."""
    contract, quantity = seen[0].contract, seen[0].name
    for name in ("", *seen[0].case.shown):
        fitted = _fitted(seen, _difference, partial(_base, name))
        for factor in (*fitted, *(TWICE if contract.promises.mean else ())):
            yield _more(contract, quantity, factor, name), partial(_shifted, name, factor)


def _difference(observation: Observation) -> Array:
    same = observation.is_.shape == observation.should_be.shape
    return np.asarray(observation.is_ - observation.should_be) if same else observation.is_


def _base(name: str, observation: Observation) -> Array | None:
    """An array of the case in the quantity's shape, as NumPy adds it; None where it does not."""
    array = observation.case.shown[name] if name else np.ones(())
    try:
        return np.broadcast_to(array, observation.should_be.shape)
    except ValueError:
        return None


def _shifted(name: str, factor: Factor, observation: Observation) -> Array | None:
    added = _base(name, observation)
    return None if added is None else observation.should_be + factor.of(observation.case) * added


def _more(contract: Contract, quantity: str, factor: Factor, name: str) -> str:
    less = factor.text.startswith("-")
    size = factor.text.removeprefix("-")
    meaning = factor.meaning(contract)
    where = f" ({meaning})" if meaning else ""
    if not name:
        return f"{size}{where} too {'small' if less else 'large'}, everywhere"
    what = times(size, name)
    if less:
        added = quantity == OUTPUT and name in contract.promises.added and size == "1"
        turned = f": is {name} subtracted in place of added?" if size in ("2", "2/N") else ""
        return f"{what}{where} is missing" + (": it is not added" if added else turned)
    lost = f": is {name} not subtracted?" if size in ("1", "1/N") else ""
    turned = f": is {name} added in place of subtracted?" if size in ("2", "2/N") else ""
    return f"{what}{where} too much{lost or turned}"


def inverse(_: Sequence[Observation]) -> Iterator[tuple[str, Predict]]:
    """One divided by what it should be."""
    yield "1 divided by what it should be", lambda s: 1 / s.should_be
