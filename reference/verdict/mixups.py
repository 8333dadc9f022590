"""Relations of meaning: another operand, another gradient, another argument, dout left out …"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import combinations, permutations

import numpy as np

from reference.case import Case
from reference.contract import Array, Domain
from reference.verdict.sight import OUTPUT, Predict, Sight

Words = Iterator[tuple[str, Predict]]


def upstream(sights: Sequence[Sight]) -> Words:
    """dout left out, or added in place of a factor."""
    if sights[0].name == OUTPUT or sights[0].case.dout is None:
        return

    def local(sight: Sight) -> Array:
        assert sight.case.dout is not None, "asked above"
        return sight.on(sight.case.with_dout(np.ones_like(sight.case.dout)))

    def added(sight: Sight) -> Array | None:
        part, dout = local(sight), sight.case.dout
        return part + dout if dout is not None and part.shape == dout.shape else None

    yield "what it should be for a dout of ones: dout is ignored", local
    yield "the local derivative plus dout, in place of times dout", added
    yield "dout itself: the local derivative is missing", lambda s: s.case.dout


def exchanged(sights: Sequence[Sight]) -> Words:
    """What another gradient should be."""
    contract, name = sights[0].contract, sights[0].name
    if name == OUTPUT:
        return
    for other in contract.gradients:
        if other != name:
            words = f"what the gradient of {other} should be: are the two mixed up?"
            yield words, partial(_other, other)


def _other(name: str, sight: Sight) -> Array:
    return sight.on(sight.case, name)


def arguments(sights: Sequence[Sight]) -> Words:
    """What would be right for another value of an operand: −x, 2x, dout …"""
    contract = sights[0].contract
    for v in contract.variables:
        if v.domain in (Domain.LABEL, Domain.ONE_HOT, Domain.PROBABILITY):
            continue
        name = v.name
        yield f"what it should be for -{name}: {name} has the opposite sign", _with(name, -1.0)
        yield f"what it should be for 2 * {name}", _with(name, 2.0)
        yield f"what it should be for {name} / 2", _with(name, 0.5)
        yield f"what it should be for {name} = 0: {name} is left out", _with(name, 0.0)
        if sights[0].name != OUTPUT:
            yield f"what it should be with dout in place of {name}", _dout_for(name)


def _with(name: str, factor: float) -> Predict:
    return lambda s: s.on(s.case.with_values(**{name: factor * s.case.arrays[name]}))


def _dout_for(name: str) -> Predict:
    def predict(sight: Sight) -> Array | None:
        dout = sight.case.dout
        if dout is None or dout.shape != sight.case.arrays[name].shape:
            return None
        return sight.on(sight.case.with_values(**{name: dout}))

    return predict


def axes(sights: Sequence[Sight]) -> Words:
    """What would be right along another axis, for a function of matrices of one shape."""
    contract = sights[0].contract
    shapes = {v.shape for v in contract.variables}
    if len(shapes) > 1 or len(min(shapes)) != 2 or sights[0].name != OUTPUT or contract.scalar:
        return

    def across(sight: Sight) -> Array:
        return sight.on(_mapped(sight.case, lambda a: a.T)).T

    def together(sight: Sight) -> Array:
        whole = sight.on(_mapped(sight.case, lambda a: a.reshape(1, -1)))
        return whole.reshape(sight.should_be.shape)

    yield "computed over the batch (axis 0) in place of over each row", across
    if contract.row_sum is not None:
        due = f"{contract.row_sum:g}, where the sum of each row should be"
        yield (
            f"normalised over the batch (axis 0): the sum of each column is {due}",
            partial(_if_columns_sum, contract.row_sum),
        )
    yield (
        "computed over the whole batch, as if all rows were one, in place of over each row",
        (together),
    )
    for name in contract.shift_invariant:
        yield (
            f"what it should be for {name} minus the largest of each column: the maximum is taken "
            "over the batch (axis 0) in place of over each row, and does not cancel",
            partial(_minus_largest, name),
        )


def _if_columns_sum(due: float, sight: Sight) -> Array:
    """What was seen, where its columns have that sum; what is right where they have not."""
    sums = sight.is_.sum(axis=0)
    return sight.is_ if sight.same(sums, np.full_like(sums, due)) else sight.should_be


def _minus_largest(name: str, sight: Sight) -> Array:
    x = sight.case.arrays[name]
    return sight.on(sight.case.with_values(**{name: x - x.max(axis=0)}))


def _mapped(case: Case, change: Callable[[Array], Array]) -> Case:
    return Case(case.sizes, {k: change(v) for k, v in case.operands.items()}, case.parameters)


OPERATORS: dict[str, Callable[[Array, Array], Array]] = {
    "*": np.multiply,
    "+": np.add,
    "-": np.subtract,
    "/": np.divide,
}
THE_OUTPUT = "the output"


def operations(sights: Sequence[Sight]) -> Words:
    """An operand, dout or the output itself, or two of them with an operator in between."""
    names = list(sights[0].operands)
    if sights[0].name != OUTPUT:
        names = ["dout", *names, THE_OUTPUT] if sights[0].case.dout is not None else []
    for name in names:
        yield f"{name} itself", partial(_array, name)
    for symbol in OPERATORS:
        both = permutations if symbol in "-/" else combinations
        for one, other in both(names, 2):
            yield f"{one} {symbol} {other}", partial(_of_two, symbol, one, other)
        for name in names:
            if symbol in "*+":
                yield f"{name} {symbol} {name}", partial(_of_two, symbol, name, name)


def _array(name: str, sight: Sight) -> Array | None:
    if name == THE_OUTPUT:
        return sight.on(sight.case, OUTPUT)
    return sight.case.dout if name == "dout" else sight.operands[name]


def _of_two(symbol: str, one: str, other: str, sight: Sight) -> Array | None:
    first, second = _array(one, sight), _array(other, sight)
    if first is None or second is None or first.shape != second.shape:
        return None
    return OPERATORS[symbol](first, second)
