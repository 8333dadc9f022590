"""What the witnesses say of a program: PyTorch's values, and differences of the engine's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from trigrad.contracts.schema import Array
from trigrad.numerics import tolerance
from trigrad.numerics.slope import OFFSETS, Slope, slope_with
from trigrad.programs.program import Program
from trigrad.subject.face import Compute, Passes, Returned

if TYPE_CHECKING:
    import torch

STEP = 2.0**-7
STEP_32 = 2.0**-4
"""Steps of the differences, in the units of a leaf's own quarters. They are far below the distance
that programs keep from kinks, and Richardson's rule takes off their truncation."""

GOLDEN = 0.618033988749895
"""Multiples of it, without their whole parts, are spread evenly."""

SURE = 4
"""The differences confirm a mismatch that is so many times their own error."""


@dataclass(frozen=True)
class Right:
    """What PyTorch computes in float64, and by how much a right engine may be off."""

    values: Mapping[str, Array]
    """The output under "output", and the gradients of the leaves by name."""
    allowed: Mapping[str, float]

    def allowed_for(self, name: str, eps: float) -> float:
        """The same for numbers of another precision."""
        return self.allowed[name] * (eps / tolerance.EPS)


def precision(*found: object) -> float:
    """The unit of the lowest precision among arrays: what was computed in it may be passed on."""
    units = [
        float(np.finfo(f.dtype).eps)
        for f in found
        if isinstance(f, np.ndarray) and f.dtype.kind == "f"
    ]
    return min(max(units, default=tolerance.EPS), tolerance.EPS_32)


def right(program: Program) -> Right:
    """What is right for a program; of an output that is an array, the gradients of its sum."""
    import torch

    fine, sizes = _run(program, torch.float64)
    coarse, _ = _run(program, torch.float32)
    allowed = {}
    for name, value in fine.items():
        lower = float(np.abs(value - coarse[name]).max(initial=0.0))
        allowed[name] = tolerance.of_program(len(program.steps), sizes, lower, tolerance.EPS)
    return Right(fine, allowed)


def _run(program: Program, dtype: torch.dtype) -> tuple[dict[str, Array], tuple[float, float]]:
    """Output and gradients; the largest value and the largest derivative on the way."""
    import torch

    values: dict[str, torch.Tensor] = {
        name: torch.tensor(leaf, dtype=dtype, requires_grad=True)
        for name, leaf in program.leaves.items()
    }
    for step in program.steps:
        values[step.name] = step.twin(values)
    output = values[program.output]
    found = torch.autograd.grad(output.sum(), list(values.values()), allow_unused=True)
    gradients = dict(zip(values, found, strict=True))
    largest = max(float(v.detach().abs().max()) for v in values.values())
    steepest = max(float(g.abs().max()) for g in found if g is not None)
    answer = {"output": output.detach().numpy()}
    for name, leaf in program.leaves.items():
        grad = gradients[name]
        answer[name] = np.zeros(leaf.shape) if grad is None else grad.numpy()
    return answer, (largest, steepest)


def both_ways(program: Program, passes: Passes = Passes.BOTH) -> Compute:
    """The command that runs a program and goes back."""
    steps = tuple((step.name, step.expression) for step in program.steps)
    return Compute(program.leaves, steps, passes, program.scalar)


Direction = Mapping[str, Array]
"""How far each entry of each leaf moves."""


def along_all(program: Program) -> list[Direction]:
    """One direction in which every entry moves, by another share: it shows any mistake."""
    found: dict[str, Array] = {}
    place = 0
    for name, leaf in program.leaves.items():
        shares = 0.5 + ((place + np.arange(leaf.size)) * GOLDEN) % 1.0 / 2
        found[name] = shares.reshape(leaf.shape) / max(1, leaf.size)
        place += leaf.size
    return [found]


def along_each(program: Program, name: str) -> list[Direction]:
    """For each entry of a leaf, the direction in which only that moves."""
    found: list[Direction] = []
    for index in np.ndindex(program.leaves[name].shape):
        alone = {other: np.zeros(leaf.shape) for other, leaf in program.leaves.items()}
        alone[name][index] = 1.0
        found.append(alone)
    return found


def moved(program: Program, directions: Sequence[Direction], eps: float) -> Compute:
    """The command that runs a program at all the points that its differences need.

    The first point is the program's own; then come, for each direction, those of OFFSETS.
    """
    step = _step(eps)
    points: dict[str, list[Array]] = {name: [leaf] for name, leaf in program.leaves.items()}
    for direction in directions:
        for offset in OFFSETS:
            for name, leaf in program.leaves.items():
                points[name].append(leaf + step * offset * direction[name])
    steps = tuple((each.name, each.expression) for each in program.steps)
    stacks = {name: np.stack(values) for name, values in points.items()}
    return Compute(stacks, steps, Passes.FORWARD, program.scalar)


def slopes(outputs: Array, directions: int, expected: Right, eps: float) -> list[Slope]:
    """The derivatives of the engine's own forward, from its outputs at the points of `moved`."""
    sums = outputs.reshape(len(outputs), -1).astype(np.float64).sum(axis=1)
    rounding = expected.allowed_for("output", eps)
    rest = sums[1:].reshape(directions, len(OFFSETS))
    return [slope_with(_Values(v), float(sums[0]), rounding, _step(eps)) for v in rest]


@dataclass(frozen=True)
class _Values:
    """Values that were computed before, in the order of OFFSETS."""

    values: Array

    def __call__(self, distances: Sequence[float]) -> Array:
        assert len(distances) == len(self.values), "those of OFFSETS"
        return self.values


def _step(eps: float) -> float:
    return STEP if eps <= tolerance.EPS else STEP_32


def refutes(gradient: Array, measured: Sequence[Slope], allowed: float) -> bool | None:
    """Whether the differences say that a gradient is wrong; None where they cannot know."""
    wrong = unknown = False
    for entry, slope in zip(gradient.reshape(-1), measured, strict=True):
        off = abs(float(entry) - slope.value)
        if not slope.known or slope.kink:
            unknown = True
        elif off > allowed + SURE * slope.error:
            wrong = True
        elif off > allowed + slope.error or slope.error > tolerance.THREE_DIGITS * max(
            1.0, abs(slope.value)
        ):
            unknown = True
    if wrong:
        return True
    return None if unknown else False


def differs(name: str, found: Array, expected: Right, eps: float) -> bool:
    """Whether a number is not PyTorch's."""
    due = expected.values[name]
    with np.errstate(all="ignore"):
        off = np.abs(found.astype(np.float64) - due)
        return not bool(np.all(off <= expected.allowed_for(name, eps)))


def outputs_of(result: object) -> Array | None:
    """The stacked outputs of a run at many points; None where it gave something else."""
    value = result.values.get("output") if isinstance(result, Returned) else None
    return value if isinstance(value, np.ndarray) else None
