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

SURE = 4
"""The differences confirm a mismatch that is so many times their own error."""


@dataclass(frozen=True)
class Right:
    """What PyTorch computes in float64, and by how much a right engine may be off."""

    values: Mapping[str, Array]
    """The output under "output", and the gradients of the leaves by name."""
    allowed: Mapping[str, float]

    def allowed_for(self, name: str, found: Array) -> float:
        """The same for a number of another dtype."""
        return self.allowed[name] * (_eps_of(found) / tolerance.EPS)


def _eps_of(found: Array) -> float:
    if found.dtype.kind != "f":
        return tolerance.EPS
    return min(float(np.finfo(found.dtype).eps), tolerance.EPS_32)


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


def moved(program: Program, eps: float) -> Compute:
    """The command that runs a program at all the points that its differences need.

    The first point is the program's own; then come, for each entry of each leaf, those of OFFSETS.
    """
    step = _step(eps)
    points: dict[str, list[Array]] = {name: [leaf] for name, leaf in program.leaves.items()}
    for name, leaf in program.leaves.items():
        for index in np.ndindex(leaf.shape):
            for offset in OFFSETS:
                for other, kept in program.leaves.items():
                    at = np.array(kept)
                    if other == name:
                        at[index] += step * offset
                    points[other].append(at)
    steps = tuple((each.name, each.expression) for each in program.steps)
    stacks = {name: np.stack(values) for name, values in points.items()}
    return Compute(stacks, steps, Passes.FORWARD, program.scalar)


def slopes(program: Program, outputs: Array, expected: Right) -> dict[str, list[Slope]]:
    """The derivatives of the engine's own forward, from its outputs at the points of `moved`."""
    eps = _eps_of(outputs)
    sums = outputs.reshape(len(outputs), -1).astype(np.float64).sum(axis=1)
    rounding = expected.allowed["output"] * (eps / tolerance.EPS)
    centre, rest = float(sums[0]), iter(sums[1:])
    found: dict[str, list[Slope]] = {}
    for name, leaf in program.leaves.items():
        found[name] = []
        for _ in range(leaf.size):
            values = np.array([next(rest) for _ in OFFSETS])
            measured = slope_with(_given(values), centre, rounding, _step(eps))
            found[name].append(measured)
    return found


def _given(values: Array) -> _Values:
    return _Values(values)


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


def differs(name: str, found: Array, expected: Right) -> bool:
    """Whether a number is not PyTorch's."""
    due = expected.values[name]
    with np.errstate(all="ignore"):
        off = np.abs(found.astype(np.float64) - due)
        return not bool(np.all(off <= expected.allowed_for(name, found)))


def outputs_of(result: object) -> Array | None:
    """The stacked outputs of a run at many points; None where it gave something else."""
    value = result.values.get("output") if isinstance(result, Returned) else None
    return value if isinstance(value, np.ndarray) else None
