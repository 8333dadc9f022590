"""Whether the gradients of a definition are the contract's, but for the batch size as a factor."""

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


def power_of_batch(face: Face, row: Contract, scales: Sequence[GradientScale]) -> int | None:
    """The power of the batch size by which the gradients must be multiplied to be PyTorch's.

    0: they are PyTorch's as they are, on the large case; another one is that of a scale. None if
    they are neither, or a call raises.
    """
    case = large_case(row, 0)
    answers = Answers(row, face, case)
    face.start_clock(1.0)
    try:
        is_ = answers.answer.gradients
    except AbsentError:
        return None
    due = answer_of_twin(row, case).gradients
    batch = float(case.sizes["N"])
    for power, names in [(0, row.gradients), *((s.power, s.names) for s in scales)]:
        factor = batch**power
        if all(_alike(row, case, is_[n], due[n], factor) for n in names or row.gradients):
            return power
    return None


def _alike(row: Contract, case: Case, is_: Array, due: Array, factor: float) -> bool:
    allowed = max(1.0, factor) * tolerance.allowed(row, case, is_)
    with np.errstate(all="ignore"):
        return bool(np.all(np.abs(is_ * factor - due) <= allowed))
