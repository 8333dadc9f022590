"""How near the values were to a kink: to another choice, where a derivative jumps."""

from __future__ import annotations

import torch

from trigrad.tracing.session import session


def note(gap: torch.Tensor) -> None:
    """Note differences of traced values that decide something: 0 is a tie.

    An exact tie of values that change together (two zeros of a padding, two inactive units) is
    none: whichever is chosen, the derivative is the same.
    """
    if not gap.requires_grad:
        return
    sizes = gap.detach().abs()
    tied = sizes == 0
    if bool(tied.any()):
        if _differ_nearby(gap[tied]):
            session().meet_gap(0.0)
            return
        sizes = sizes[~tied]
    sizes = sizes[~torch.isnan(sizes)]
    if sizes.numel():
        session().meet_gap(float(sizes.min()))


def _differ_nearby(gap: torch.Tensor) -> bool:
    """Whether any of some differences, all zero here, depends on the leaves."""
    weights = torch.linspace(1.0, 2.0, gap.numel(), dtype=gap.dtype).sqrt()
    leaves = session().leaves
    try:
        slopes = torch.autograd.grad(
            (gap.reshape(-1) * weights).sum(), leaves, retain_graph=True, allow_unused=True
        )
    except RuntimeError:
        return True  # what it is computed from has been overwritten: not known
    return any(slope is not None and bool((slope != 0).any()) for slope in slopes)


def note_steps(values: torch.Tensor) -> None:
    """Note the distance of values from the nearest whole number."""
    note(values - values.detach().round())
