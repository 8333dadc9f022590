"""Programs that are always tried: each shows a usual mistake, which drawn ones may not meet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from trigrad.contracts.schema import Array
from trigrad.programs.operation import Operation
from trigrad.programs.operations import small_enough
from trigrad.programs.program import NAMES, Program, Step

HELPERS = ("mul", "add", "sub")
"""What is done with a result, the most telling first: with a product, the gradient that comes back
is not 1, and not the same everywhere."""

UNEVEN = (2.0, 3.0, 1.5, 0.5, 2.5, 1.0)
"""Values in no order: a gradient that is sorted, or in another place, is not the same."""

SHAPES = (((2, 3), (3,)), ((2, 3), (2, 1)), ((2, 3), ()), ((2, 1), (1, 3)), ((3,), (1, 3)))
"""Pairs of shapes that NumPy broadcasts to each other."""

Line = tuple[Operation, tuple[int, ...]]
"""An operation, and the numbers of the values that it takes: of leaves, then of results."""


def with_helpers(
    operation: Operation, alone: Program, helpers: Sequence[Operation]
) -> Iterator[Program]:
    """The operation, and its result used further: with another leaf, with its own operand.

    `alone` is the program that has the operation only, `helpers` are operations that are right.
    """
    leaves = [*alone.leaves.values()]
    count = len(leaves)
    numbers = tuple(range(count))
    first: Line = (operation, numbers)
    output = value_of(alone)
    if output is None:
        return
    other = np.resize(UNEVEN, output.shape)
    tried: list[tuple[list[Array], list[Line]]] = []
    for helper in helpers:
        # With a new leaf, on either side: the leaf is number `count`, the result the next.
        both = [*leaves, other]
        tried += [(both, [first, (helper, pair)]) for pair in _both(count + 1, count)]
        if output.shape == leaves[0].shape:
            tried += [(leaves, [first, (helper, pair)]) for pair in _both(count, 0)]
    if operation.operands == 1:
        tried.append((leaves, [first, (operation, (count,))]))
    else:
        tried += [(leaves, [first, (operation, pair)]) for pair in _both(count, 0)]
        tried.append((leaves[:1], [(operation, (0, 0))]))
    for given, lines in tried:
        program = _made(given, lines, scalar=alone.scalar)
        if program is not None:
            yield program


def _both(one: int, other: int) -> tuple[tuple[int, int], tuple[int, int]]:
    return (one, other), (other, one)


def with_numbers(alone: Program) -> Iterator[Program]:
    """The operation with each of its numbers."""
    (step,) = alone.steps
    for number in step.operation.numbers:
        program = Program(alone.leaves, (replace(step, number=number),), alone.scalar)
        if value_of(program) is not None:
            yield program


def broadcasting(operation: Operation) -> Iterator[Program]:
    """The operation with two operands of different shapes, on either side."""
    for pair in SHAPES:
        for one, other in (pair, pair[::-1]):
            leaves = [np.resize(UNEVEN, one), np.resize(UNEVEN[::-1], other)]
            step = Step("c", operation, ("a", "b"))
            yield Program(dict(zip("ab", leaves, strict=True)), (step,), scalar=False)


def diamonds(
    leaf: Array, ones: Sequence[Operation], twos: Sequence[Operation], *, scalar: bool
) -> Iterator[Program]:
    """Programs in which a result is used twice, on ways of different lengths."""
    for two in twos:
        for one in ones:
            yield from _diamonds(leaf, one, two, scalar=scalar)
        for shape in ([(0, 0), (1, 1)], [(0, 0), (1, 1), (2, 1)], [(0, 0), (1, 1), (1, 2)]):
            program = _made([leaf], [(two, pair) for pair in shape], scalar=scalar)
            if program is not None:
                yield program


def _diamonds(leaf: Array, one: Operation, two: Operation, *, scalar: bool) -> Iterator[Program]:
    shared: Line = (one, (0,))  # number 1
    longer: list[Line] = [(one, (1,)), (one, (2,))]  # numbers 2 and 3
    ways: list[list[Line]] = []
    for pair in _both(1, 3):
        ways.append([shared, *longer, (two, pair)])
    for pair in _both(2, 4):  # both ways have results of their own
        ways.append([shared, (one, (1,)), (one, (1,)), (one, (3,)), (two, pair)])
    ways.append([shared, (two, (1, 1)), (two, (2, 1)), (two, (3, 2))])
    ways.append([shared, (two, (1, 1)), (two, (1, 2)), (two, (2, 3))])
    for lines in ways:
        program = _made([leaf], lines, scalar=scalar)
        if program is not None:
            yield program


def _made(leaves: Sequence[Array], lines: Sequence[Line], *, scalar: bool) -> Program | None:
    """The program; None where it leaves the domain of an operation."""
    names = NAMES[: len(leaves) + len(lines)]
    steps = [
        Step(name, operation, tuple(names[n] for n in numbers), next(iter(operation.numbers), None))
        for name, (operation, numbers) in zip(names[len(leaves) :], lines, strict=True)
    ]
    program = Program(dict(zip(names, leaves, strict=False)), tuple(steps), scalar).needed()
    return program if value_of(program) is not None else None


def value_of(program: Program) -> Array | None:
    """Its output in PyTorch; None where it leaves the domain of an operation."""
    import torch

    values = {n: torch.tensor(v, dtype=torch.float64) for n, v in program.leaves.items()}
    for step in program.steps:
        given = [values[name] for name in step.operands]
        number = [] if step.number is None else [step.number]
        same = len({tuple(v.shape) for v in given}) == 1 or step.operation.name == "matmul"
        if not (same and step.operation.domain(*given, *number)):
            return None
        values[step.name] = step.twin(values)
        if not small_enough(values[step.name]):
            return None
    return np.asarray(values[program.output].numpy())
