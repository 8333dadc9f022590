"""What an engine can do is found out by trying: each operation is put to it once, forward only."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from trigrad.programs.array_operations import MEAN, SUM
from trigrad.programs.operation import Operation
from trigrad.programs.operations import operations
from trigrad.programs.program import NAMES, Program, Step
from trigrad.subject.face import Compute, Face, Passes, Raised, Result, Returned
from trigrad.witnesses.programs import both_ways, differs, precision, right

PROBES = (3.0, 2.0)
"""Operands with which every operation works."""


@dataclass
class Abilities:
    """The operations that an engine has."""

    able: tuple[Operation, ...] = ()
    refused: dict[str, Raised] = field(default_factory=dict)
    """What the others raise, by how they are written."""
    scalar: bool = True
    calls: dict[Operation, tuple[str, ...]] = field(default_factory=dict)
    """The learner's functions that each of them runs through, the outermost first."""
    ended: Raised | None = None
    """A call that did not return."""


def simplest(operation: Operation, shape: tuple[int, ...], *, scalar: bool) -> Program:
    """The program that has this operation alone."""
    count = operation.operands
    leaves = {n: np.full(shape, p) for n, p in zip(NAMES[:count], PROBES, strict=False)}
    if shape:
        for leaf in leaves.values():
            leaf -= 0.25 * np.arange(leaf.size).reshape(shape)
    number = operation.numbers[0] if operation.numbers else None
    return Program(leaves, (Step(NAMES[count], operation, tuple(leaves), number),), scalar)


def probe(operation: Operation, *, scalar: bool, flat: bool = True) -> Program:
    """Its simplest program with operands of a shape that it takes.

    `flat`: whether arrays of one axis are kept as they are.
    """
    if scalar:
        return simplest(operation, (), scalar=True)
    square = operation.name in ("matmul", "transpose") or ":" in operation.template
    wide = operation.name in ("reshape", SUM, MEAN, "index", "sum_to")
    if operation.name == "broadcast_to":
        return simplest(operation, (3,), scalar=False)
    shape = (2, 2) if square else (2, 3) if wide else (2,) if flat else (1, 2)
    return simplest(operation, shape, scalar=False)


def abilities(face: Face, *, scalar: bool, flat: bool = True) -> Abilities:
    """Try every operation."""
    tried = [each for each in operations() if not (scalar and each.arrays)]
    programs = [probe(each, scalar=scalar, flat=flat) for each in tried]
    results = face.run([_forward(p) for p in programs])
    found = Abilities(scalar=scalar)
    able: list[Operation] = []
    for operation, program, result in zip(tried, programs, results, strict=True):
        if isinstance(result, Raised):
            if result.ended:
                found.ended = result
                break
            found.refused.setdefault(operation.shown, result)
        elif _is_it(operation, program, result):
            able.append(operation)
    found.able = tuple(able)
    traced = [both_ways(probe(each, scalar=scalar, flat=flat), Passes.TRACED) for each in able]
    for operation, result in zip(able, face.run(traced), strict=True):
        found.calls[operation] = result.notes if isinstance(result, Returned) else ()
    return found


def _is_it(operation: Operation, program: Program, result: Returned) -> bool:
    """Whether it can be that operation: its value is a number, PyTorch's if the name has others."""
    value = result.values.get("output")
    if not isinstance(value, np.ndarray):
        return operation.certain  # an operator without a result: it forgets to return
    if operation.certain:
        return True
    due = right(program)
    fits = value[0].shape == due.values["output"].shape
    return fits and not differs("output", value[0], due, precision(value))


def _forward(program: Program) -> Compute:
    whole = both_ways(program)
    stacks = {name: leaf[None] for name, leaf in program.leaves.items()}
    return Compute(stacks, whole.steps, Passes.FORWARD, program.scalar)


@dataclass(frozen=True)
class Arrays:
    """Whether values and gradients are arrays of the shape of what they were made from."""

    taken: bool
    number_needed: bool
    """Whether backward begins at a single number only."""


def takes_arrays(face: Face, *, flat: bool) -> Arrays:
    """Try what gives an array, and what gives a number of it."""
    plain = [o for o in operations() if not o.arrays]
    sums = [o for o in operations() if reduces(o)]
    shape = (2,) if flat else (1, 2)
    programs = [simplest(o, shape, scalar=False) for o in (*plain, *sums)]
    results = face.run([both_ways(p) for p in programs])
    each = [_gives_arrays(result, shape, 2) for result in results[: len(plain)]]
    summed = [_gives_arrays(result, shape, 1) for result in results[len(plain) :]]
    return Arrays(any(each) or any(summed), not any(each))


def reduces(operation: Operation) -> bool:
    """Whether it makes a single number of any array."""
    return operation.name in (SUM, MEAN) and operation.template.endswith(("()", "({0})"))


def _gives_arrays(result: Result, shape: tuple[int, ...], entries: int) -> bool:
    if isinstance(result, Raised):
        return False
    output, *gradients = result.values.values()
    given = isinstance(output, np.ndarray) and output.size == entries
    return given and all(isinstance(g, np.ndarray) and g.shape == shape for g in gradients)
