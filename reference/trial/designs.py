"""Which of the designs of its contract a network follows: its output shows it, if possible."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from trigrad.cases.sampling import large_case
from trigrad.claim.answers import Answers
from trigrad.claim.evidence import AbsentError
from trigrad.contracts.registry import contract_named
from trigrad.contracts.schema import Contract
from trigrad.numerics import tolerance
from trigrad.subject.candidate import Candidate
from trigrad.witnesses.twin import value_of_twin


def settled(candidate: Candidate) -> Candidate:
    """The candidate with the row whose output it gives, and a note on the design.

    If its output is that of no row, the row stays that which the names in its text suggest.
    """
    base = contract_named(candidate.contract.name)
    if base is None or not base.readings.designs or candidate.unimplemented:
        return candidate
    designs = base.readings.designs
    rows = [candidate.contract, base, *(design.contract for design in designs)]
    row = next((row for row in rows if _gives(candidate, row)), candidate.contract)
    notes = [str(design.note) for design in designs if design.contract is row]
    return replace(candidate, contract=row, notes=(*candidate.notes, *notes))


def _gives(candidate: Candidate, row: Contract) -> bool:
    """Whether its output is that of a row, on a case so large that each row has another one."""
    case = large_case(row, 0)
    answers = Answers(row, candidate.face, case)
    candidate.face.start_clock(1.0)
    try:
        is_ = answers.output_from(candidate.face.run(answers.whole()[:2])[1], case)
    except AbsentError:
        return False
    with np.errstate(all="ignore"):
        off = np.abs(is_ - value_of_twin(row, case))
        return bool(np.all(off <= tolerance.allowed(row, case, is_)))
