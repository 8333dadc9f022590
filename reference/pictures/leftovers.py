"""Gradients of which roundings alone are left, as zeros: of a sum that is 0, and what comes of it.

A gradient that is small beside others is not yet such a leftover: a forward that multiplies by
1e-30 has tiny gradients. It is one where a sum was taken, of numbers that are much larger.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from trigrad.contracts.schema import Array
from trigrad.numerics.leftovers import NOTHING, largest, without_roundings
from trigrad.subject.drawn import Drawn, DrawnOperation

_MOVES = frozenset(
    (
        *("add", "subtract", "negative", "sum", "mean", "max", "amax", "min", "amin", "where"),
        *("reshape", "ravel", "flatten", "squeeze", "expand_dims", "transpose", "swapaxes"),
        *("__getitem__", "__setitem__", "concatenate", "stack", "hstack", "vstack", "pad"),
        *("broadcast_to", "copy", "array", "asarray", "astype", "maximum", "minimum", "split"),
    )
)
"""Operations whose gradients are sums of gradients, times 1 or less."""

_PRODUCTS = frozenset(("multiply", "matmul", "dot", "inner", "outer"))
"""Operations whose gradients are sums of products with the other operand."""


def without_leftovers(drawn: Drawn) -> Drawn:
    """The same forward, with 0 where a gradient is only what roundings have left."""
    gradients: dict[int, Array] = dict(drawn.gradients)
    arriving = dict(drawn.arriving)
    uses: dict[int, list[tuple[int, int]]] = {}
    for place, operation in enumerate(drawn.operations):
        for at, value in enumerate(operation.inputs):
            if (place, at) in arriving:
                uses.setdefault(value, []).append((place, at))
    for place in reversed(range(len(drawn.operations))):
        operation = drawn.operations[place]
        for value in operation.outputs:
            if value in gradients and value in uses:  # all of them come later
                gradients[value] = _summed(gradients[value], uses[value], arriving)
        for at in range(len(operation.inputs)):
            if (place, at) in arriving:
                found = arriving[place, at]
                arriving[place, at] = _through(drawn, operation, at, found, gradients)
    for value in drawn.leaves.values():
        if value in gradients and value in uses:
            gradients[value] = _summed(gradients[value], uses[value], arriving)
    return replace(drawn, gradients=gradients, arriving=arriving)


def _summed(
    gradient: Array, uses: list[tuple[int, int]], arriving: dict[tuple[int, int], Array]
) -> Array:
    """The gradient of a value, beside those that come back from its uses."""
    beside = max(largest(arriving[use]) for use in uses)
    if beside == 0 and len(uses) == 1:
        return np.zeros_like(gradient)
    if len(uses) == 1:
        return np.where(arriving[uses[0]] == 0, 0.0, gradient)
    return np.where(np.abs(gradient) < NOTHING * beside, 0.0, gradient)


def _through(
    drawn: Drawn,
    operation: DrawnOperation,
    at: int,
    gradient: Array,
    gradients: dict[int, Array],
) -> Array:
    """What comes back from one use of a value, beside what comes back to its results."""
    results = [gradients[value] for value in operation.outputs if value in gradients]
    if not results:
        return gradient
    beside = max(map(largest, results))
    if beside == 0:  # of a leftover there comes a leftover
        return np.zeros_like(gradient)
    if operation.name in _MOVES:
        return without_roundings(gradient, beside)
    if operation.name in _PRODUCTS:
        others = [v for place, v in enumerate(operation.inputs) if place != at]
        for other in others:
            beside *= largest(drawn.values[other]) if other in drawn.values else 0.0
        return np.where(np.abs(gradient) < NOTHING * beside, 0.0, gradient)
    shapes = {result.shape for result in results}
    if shapes == {gradient.shape} and len(results) == 1:
        small = np.abs(gradient) < NOTHING * largest(gradient)
        return np.where(small & (results[0] == 0), 0.0, gradient)
    return gradient
