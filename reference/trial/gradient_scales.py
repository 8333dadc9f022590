"""Whether the gradients of a definition are the contract's, but for the batch size or a sign."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from trigrad.cases.case import Case
from trigrad.cases.sampling import large_case
from trigrad.claim.answers import Answers
from trigrad.claim.evidence import AbsentError
from trigrad.contracts.schema import Array, Contract, GradientScale
from trigrad.numerics import tolerance
from trigrad.subject.face import Face
from trigrad.witnesses.twin import answer_of_twin

AS_THEY_ARE = GradientScale(())
"""The gradients of a row as the contract has them."""


def scales_that_fit(
    face: Face, row: Contract, scales: Sequence[GradientScale], case: Case | None = None
) -> list[GradientScale]:
    """The scales in which the gradients are PyTorch's on a case: the large one, if none is given.

    That is only AS_THEY_ARE where they are PyTorch's without any; nothing where none fits, or a
    call raises. Several differ in what decides whether they are meant.
    """
    case = case or large_case(row, 0)
    answers = Answers(row, face, case)
    face.start_clock(1.0)
    try:
        is_ = answers.answer.gradients
    except AbsentError:
        return []
    due = answer_of_twin(row, case).gradients
    batch = float(case.sizes.get("N", 1))

    def fits(scale: GradientScale) -> bool:
        factor = scale.factor(batch)
        names = scale.names or row.gradients
        return all(_alike(row, case, is_[n], due[n], factor) for n in names)

    if fits(AS_THEY_ARE) or batch == 1:  # of one sample every scale is the same
        return [AS_THEY_ARE] if fits(AS_THEY_ARE) else []
    return [scale for scale in scales if fits(scale)]


def _alike(row: Contract, case: Case, is_: Array, due: Array, factor: float) -> bool:
    allowed = max(1.0, abs(factor)) * tolerance.allowed(row, case, is_)
    with np.errstate(all="ignore"):
        return bool(np.all(np.abs(is_ * factor - due) <= allowed))
