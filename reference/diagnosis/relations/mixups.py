"""Relations of meaning: another operand, another gradient, another argument, dout left out …"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import combinations, permutations

import numpy as np

from trigrad.cases.case import Case
from trigrad.contracts.schema import Array, Domain
from trigrad.diagnosis.observation import OUTPUT, Observation, Predict

Words = Iterator[tuple[str, Predict]]


def upstream(seen: Sequence[Observation]) -> Words:
    """dout left out, or added in place of a factor."""
    if seen[0].name == OUTPUT or seen[0].case.dout is None:
        return

    def local(observation: Observation) -> Array:
        assert observation.case.dout is not None, "asked above"
        return observation.on(observation.case.with_dout(np.ones_like(observation.case.dout)))

    def added(observation: Observation) -> Array | None:
        part, dout = local(observation), observation.case.dout
        return part + dout if dout is not None and part.shape == dout.shape else None

    yield "what it should be for a dout of ones: dout is ignored", local
    yield "the local derivative plus dout, in place of times dout", added
    yield "dout itself: the local derivative is missing", lambda s: s.case.dout


def exchanged(seen: Sequence[Observation]) -> Words:
    """What another gradient should be."""
    contract, name = seen[0].contract, seen[0].name
    if name == OUTPUT:
        return
    for other in contract.gradients:
        if other != name:
            words = f"what the gradient of {other} should be: are the two mixed up?"
            yield words, partial(_other, other)


def _other(name: str, observation: Observation) -> Array:
    return observation.on(observation.case, name)


def arguments(seen: Sequence[Observation]) -> Words:
    """What would be right for another value of an operand: −x, 2x, dout …"""
    contract = seen[0].contract
    for v in contract.variables:
        if v.domain in (Domain.LABEL, Domain.ONE_HOT, Domain.PROBABILITY):
            continue
        name = v.name
        yield f"what it should be for -{name}: {name} has the opposite sign", _with(name, -1.0)
        yield f"what it should be for 2 * {name}", _with(name, 2.0)
        yield f"what it should be for {name} / 2", _with(name, 0.5)
        yield f"what it should be for {name} = 0: {name} is left out", _with(name, 0.0)
        if seen[0].name != OUTPUT:
            yield f"what it should be with dout in place of {name}", _dout_for(name)


def _with(name: str, factor: float) -> Predict:
    return lambda s: s.on(s.case.with_values(**{name: factor * s.case.arrays[name]}))


def _dout_for(name: str) -> Predict:
    def predict(observation: Observation) -> Array | None:
        dout = observation.case.dout
        if dout is None or dout.shape != observation.case.arrays[name].shape:
            return None
        return observation.on(observation.case.with_values(**{name: dout}))

    return predict


def axes(seen: Sequence[Observation]) -> Words:
    """What would be right along another axis, for a function of matrices of one shape."""
    contract = seen[0].contract
    shapes = {v.shape for v in contract.variables}
    if len(shapes) > 1 or len(min(shapes)) != 2 or seen[0].name != OUTPUT or contract.scalar:
        return

    def across(observation: Observation) -> Array:
        return observation.on(_mapped(observation.case, lambda a: a.T)).T

    def together(observation: Observation) -> Array:
        whole = observation.on(_mapped(observation.case, lambda a: a.reshape(1, -1)))
        return whole.reshape(observation.should_be.shape)

    yield "computed over the batch (axis 0) in place of over each row", across
    if contract.promises.row_sum is not None:
        due = f"{contract.promises.row_sum:g}, where the sum of each row should be"
        yield (
            f"normalised over the batch (axis 0): the sum of each column is {due}",
            partial(_if_columns_sum, contract.promises.row_sum),
        )
    yield (
        "computed over the whole batch, as if all rows were one, in place of over each row",
        (together),
    )
    for name in contract.promises.shift_invariant:
        yield (
            f"what it should be for {name} minus the largest of each column: the maximum is taken "
            "over the batch (axis 0) in place of over each row, and does not cancel",
            partial(_minus_largest, name),
        )


def _if_columns_sum(due: float, observation: Observation) -> Array:
    """What was seen, where its columns have that sum; what is right where they have not."""
    sums = observation.is_.sum(axis=0)
    return (
        observation.is_
        if observation.same(sums, np.full_like(sums, due))
        else observation.should_be
    )


def _minus_largest(name: str, observation: Observation) -> Array:
    x = observation.case.arrays[name]
    return observation.on(observation.case.with_values(**{name: x - x.max(axis=0)}))


def _mapped(case: Case, change: Callable[[Array], Array]) -> Case:
    return Case(case.sizes, {k: change(v) for k, v in case.operands.items()}, case.parameters)


OPERATORS: dict[str, Callable[[Array, Array], Array]] = {
    "*": np.multiply,
    "+": np.add,
    "-": np.subtract,
    "/": np.divide,
}
THE_OUTPUT = "the output"


def operations(seen: Sequence[Observation]) -> Words:
    """An operand, dout or the output itself, or two of them with an operator in between."""
    names = list(seen[0].operands)
    if seen[0].name != OUTPUT:
        names = ["dout", *names, THE_OUTPUT] if seen[0].case.dout is not None else []
    for name in names:
        yield f"{name} itself", partial(_array, name)
    for symbol in OPERATORS:
        both = permutations if symbol in "-/" else combinations
        for one, other in both(names, 2):
            yield f"{one} {symbol} {other}", partial(_of_two, symbol, one, other)
        for name in names:
            if symbol in "*+":
                yield f"{name} {symbol} {name}", partial(_of_two, symbol, name, name)


def _array(name: str, observation: Observation) -> Array | None:
    if name == THE_OUTPUT:
        return observation.on(observation.case, OUTPUT)
    return observation.case.dout if name == "dout" else observation.operands[name]


def _of_two(symbol: str, one: str, other: str, observation: Observation) -> Array | None:
    first, second = _array(one, observation), _array(other, observation)
    if first is None or second is None or first.shape != second.shape:
        return None
    return OPERATORS[symbol](first, second)
