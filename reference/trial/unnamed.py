"""What has the name of a contract and is another layer, whatever its name says.

`Affine` may be an affine layer over time, which takes x of shape (N, T, D) and nothing else;
`Relu6` is cut off at 6.
"""

from __future__ import annotations

from trigrad.cases.sampling import large_case
from trigrad.claim.answers import Answers
from trigrad.contracts.schema import Contract
from trigrad.subject.candidate import Candidate
from trigrad.subject.face import Face, Raised
from trigrad.trial.guessing import guessed
from trigrad.trial.readings import output_is_of


def as_unnamed(candidate: Candidate) -> Candidate | None:
    """The layer on guessed inputs, if it can be another than that of its name; else None.

    That is so if its forward refuses the contract's arrays and takes some with more axes, and if
    it is named as a version and its output is another.
    """
    row, face = candidate.contract, candidate.face
    if candidate.unnamed is None:
        return None
    refuses = _refuses(face, row)
    if not refuses and (not candidate.version or output_is_of(face, row)):
        return None
    layer = candidate.unnamed()
    found = guessed(layer) if layer is not None else None
    if not isinstance(found, Candidate):
        return None
    if not candidate.version and _axes(found.contract) <= _axes(row):
        return None
    return found


def _refuses(face: Face, row: Contract) -> bool:
    """Whether forward raises on the contract's arrays. What ends the worker says nothing."""
    face.start_clock(1.0)
    built, result = face.run(Answers(row, face, large_case(row, 0)).whole()[:2])
    if isinstance(built, Raised) or not isinstance(result, Raised):
        return False
    return not (result.ended or result.unjudged or result.absent)


def _axes(row: Contract) -> int:
    """The greatest number of axes of an operand."""
    return max(len(v.shape) for v in row.operands)
