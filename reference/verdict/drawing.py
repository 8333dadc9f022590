"""The forward of a layer that was judged, followed on its smallest case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from trigrad.cases.case import Case
from trigrad.claim.quantity import OUTPUT
from trigrad.contracts.declaration import DOUT
from trigrad.contracts.schema import Array
from trigrad.messages import Message
from trigrad.subject.candidate import Candidate
from trigrad.subject.drawn import Drawn, unpacked
from trigrad.subject.face import Draw, Raised
from trigrad.trial.judgement import Judgement


@dataclass(frozen=True, eq=False)
class Drawing:
    """What forward does on a case, and where the layer is wrong on it.

    `output` is what the output should be, and `wrong` are the arrays whose gradients are refuted:
    of these `drawn.own` has what is, and `drawn.gradients` what should be.
    """

    case: Case
    drawn: Drawn
    wrong: frozenset[str] = frozenset()
    output: Array | None = None


At = Mapping[str, float]
"""Numbers for the arrays of a case by their names, "dout" too; none: as they were drawn."""


def drawing(
    candidate: Candidate, cases: Sequence[Case], judgements: Sequence[Judgement], at: At
) -> Drawing | Message:
    """The drawing of a layer, or why there is none.

    `at` are other numbers for its smallest case. If the output is wrong, no gradient is marked:
    what they should be is that of another forward.
    """
    reading = candidate.reading
    if candidate.decay is not None or (reading is not None and (reading.reduced or reading.scale)):
        return Message("draw.reading")
    failing = [j for j in judgements if j.fails and j.claim.variant is None]
    seen = [j for j in failing if j.claim.about == OUTPUT] or [j for j in failing if j.claim.about]
    shown = [e.case for j in seen if (e := j.finding.evidence) is not None and e.case is not None]
    if not shown and not cases:
        return Message("draw.no_case")
    case = min(shown or cases, key=lambda each: each.entries)
    unknown = [name for name in at if name not in case.shown]
    if unknown:
        return Message("draw.unknown", names=", ".join(unknown), known=", ".join(case.shown))
    if at:
        case = case.with_values(**{n: np.full_like(case.arrays[n], at[n]) for n in at if n != DOUT})
    if DOUT in at and case.dout is not None:
        case = case.with_dout(np.full_like(case.dout, at[DOUT]))
    candidate.face.start_clock(1.0)
    command = Draw(case.parameters, case.operands, case.sizes, case.dout)
    result = candidate.face.run([command])[0]
    if isinstance(result, Raised):
        return Message("draw.not_followed", why=result.unjudged or result.sentence)
    try:
        drawn = unpacked(result)
    except ValueError as error:
        return Message("draw.not_followed", why=str(error))
    outputs = [j.finding.evidence for j in seen if j.claim.about == OUTPUT]
    if outputs:
        here = [e.should_be for e in outputs if e is not None and e.case is case]
        arrays = [each for each in here if isinstance(each, np.ndarray)]
        return Drawing(case, drawn, output=arrays[0] if arrays else None)
    wrong = frozenset(j.claim.about.gradient_of for j in failing if j.claim.about)
    return Drawing(case, drawn, wrong)
