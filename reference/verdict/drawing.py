"""The forward of a layer that was judged, followed on its smallest case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from trigrad.cases.case import Case
from trigrad.claim.quantity import OUTPUT
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


def drawing(
    candidate: Candidate, cases: Sequence[Case], judgements: Sequence[Judgement]
) -> Drawing | Message:
    """The drawing of a layer, or why there is none.

    If the output is wrong, no gradient is marked: what they should be is that of another forward.
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
