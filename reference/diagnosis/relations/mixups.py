"""Relations of meaning: another operand, another gradient, another argument, dout left out …"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import combinations, permutations

import numpy as np

from trigrad.cases.case import Case
from trigrad.claim.quantity import OUTPUT, Quantity, gradient
from trigrad.contracts.schema import WHOLE_NUMBERS, Array, Domain
from trigrad.diagnosis.observation import Candidates, Observation, Predict
from trigrad.messages import Message


def upstream(seen: Sequence[Observation]) -> Candidates:
    """dout left out, or added instead of multiplied by."""
    if seen[0].quantity == OUTPUT or seen[0].case.dout is None:
        return

    def local(observation: Observation) -> Array:
        assert observation.case.dout is not None, "asked above"
        return observation.on(observation.case.with_dout(np.ones_like(observation.case.dout)))

    def added(observation: Observation) -> Array | None:
        part, dout = local(observation), observation.case.dout
        return part + dout if dout is not None and part.shape == dout.shape else None

    yield Message("upstream.ignored"), local
    yield Message("upstream.added"), added
    yield Message("upstream.alone"), lambda s: s.case.dout


def exchanged(seen: Sequence[Observation]) -> Candidates:
    """What another gradient should be."""
    quantity = seen[0].quantity
    if quantity == OUTPUT:
        return
    for other in map(gradient, seen[0].contract.gradients):
        if other != quantity:
            yield Message("mixup.gradients", quantity=other), partial(_correct, other)


def _correct(quantity: Quantity, observation: Observation) -> Array:
    return observation.on(observation.case, quantity)


def arguments(seen: Sequence[Observation]) -> Candidates:
    """What would be right for another value of an operand: −x, 2x, dout …"""
    contract = seen[0].contract
    for v in contract.variables:
        if v.domain in (*WHOLE_NUMBERS, Domain.ONE_HOT, Domain.PROBABILITY):
            continue
        name = v.name
        yield Message("argument.negative", name=name), _with(name, -1.0)
        yield Message("argument.other", value=f"2 * {name}"), _with(name, 2.0)
        yield Message("argument.other", value=f"{name} / 2"), _with(name, 0.5)
        yield Message("argument.zero", name=name), _with(name, 0.0)
        if seen[0].quantity != OUTPUT:
            yield Message("argument.dout", name=name), _dout_for(name)


def _with(name: str, factor: float) -> Predict:
    return lambda s: s.on(s.case.with_values(**{name: factor * s.case.arrays[name]}))


def _dout_for(name: str) -> Predict:
    def predict(observation: Observation) -> Array | None:
        dout = observation.case.dout
        if dout is None or dout.shape != observation.case.arrays[name].shape:
            return None
        return observation.on(observation.case.with_values(**{name: dout}))

    return predict


def axes(seen: Sequence[Observation]) -> Candidates:
    """What would be right along another axis, for a function of matrices of one shape."""
    contract = seen[0].contract
    shapes = {v.shape for v in contract.variables}
    if len(shapes) > 1 or len(min(shapes)) != 2 or seen[0].quantity != OUTPUT or contract.scalar:
        return

    def across(observation: Observation) -> Array:
        return observation.on(_mapped(observation.case, lambda a: a.T)).T

    def together(observation: Observation) -> Array:
        whole = observation.on(_mapped(observation.case, lambda a: a.reshape(1, -1)))
        return whole.reshape(observation.should_be.shape)

    yield Message("axes.columns"), across
    row_sum = contract.promises.row_sum
    if row_sum is not None:
        yield Message("axes.column_sums", total=row_sum), partial(_if_columns_sum, row_sum)
    yield Message("axes.whole_batch"), together
    for name in contract.promises.shift_invariant:
        yield Message("axes.maximum", name=name), partial(_minus_largest, name)


def _if_columns_sum(due: float, observation: Observation) -> Array:
    """What the subject gave if its columns have that sum; otherwise the right values."""
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


THE_OUTPUT = Message("quantity.the", quantity=OUTPUT)

Named = str | Message
"""dout or an operand by its name, or THE_OUTPUT."""


def operations(seen: Sequence[Observation]) -> Candidates:
    """An operand, dout or the output itself, or two of them with an operator in between."""
    names: list[Named] = [*seen[0].operands]
    if seen[0].quantity != OUTPUT:
        names = ["dout", *names, THE_OUTPUT] if seen[0].case.dout is not None else []
    for name in names:
        yield Message("operation.itself", name=name), partial(_array, name)
    for symbol in OPERATORS:
        both = permutations if symbol in "-/" else combinations
        pairs = [*both(names, 2)] + ([(name, name) for name in names] if symbol in "*+" else [])
        for one, other in pairs:
            words = Message("operation.of_two", one=one, operator=symbol, other=other)
            yield words, partial(_of_two, symbol, one, other)


def _array(name: Named, observation: Observation) -> Array | None:
    if isinstance(name, Message):
        return observation.on(observation.case, OUTPUT)
    return observation.case.dout if name == "dout" else observation.operands[name]


def _of_two(symbol: str, one: Named, other: Named, observation: Observation) -> Array | None:
    first, second = _array(one, observation), _array(other, observation)
    if first is None or second is None or first.shape != second.shape:
        return None
    return OPERATORS[symbol](first, second)
