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

    `output` is what the output should be, of several all numbers in one array. `wrong` are the
    arrays whose gradients are refuted: of these `drawn.own` has what is, and `drawn.gradients` what
    should be.
    """

    drawn: Drawn
    wrong: frozenset[str] = frozenset()
    output: Array | Message | None = None
    note: str = ""
    """What is wrong, for where no arrow shows it."""

    def unmarked(self) -> Drawing:
        """The same with nothing marked as wrong: for what is not said to be."""
        return Drawing(self.drawn)


At = Mapping[str, float]
"""Numbers for the arrays of a case by their names, "dout" too; none: as they were drawn."""


def drawing(
    candidate: Candidate, cases: Sequence[Case], judgements: Sequence[Judgement], at: At
) -> Drawing | Message:
    """The drawing of a layer, or why there is none.

    `at` are other numbers for its smallest case; the gradient of a result that is one number is
    then 1. If the output is wrong, no gradient is marked:
    what they should be is that of another forward.
    """
    reading = candidate.reading
    if candidate.decay is not None or (reading is not None and (reading.reduced or reading.scale)):
        return Message("draw.reading")
    failing = [j for j in judgements if j.fails and j.claim.variant is None]
    wrong_output = [j for j in failing if j.claim.about == OUTPUT]
    seen = wrong_output or [j for j in failing if j.claim.about] or failing
    shown = [e.case for j in seen if (e := j.finding.evidence) is not None and e.case is not None]
    if not shown and not cases:
        return Message("draw.no_case")
    case = min(shown or cases, key=lambda each: each.entries)
    unknown = [name for name in at if name not in case.shown]
    if unknown:
        return Message("draw.unknown", names=", ".join(unknown), known=", ".join(case.shown))
    if at:
        case = case.with_values(**{n: np.full_like(case.arrays[n], at[n]) for n in at if n != DOUT})
    if case.dout is not None and (DOUT in at or (at and case.dout.size == 1)):
        case = case.with_dout(np.full_like(case.dout, at.get(DOUT, 1.0)))  # 1, as of a price
    candidate.face.start_clock(1.0)
    outputs = [e for j in wrong_output if (e := j.finding.evidence) is not None and e.case is case]
    shapes = [e.should_be for e in outputs if isinstance(e.should_be, Message)]
    # An output of another shape than dout's has no way back.
    command = Draw(case.parameters, case.operands, case.sizes, None if shapes else case.dout)
    result = candidate.face.run([command])[0]
    if isinstance(result, Raised):
        return Message("draw.not_followed", why=result.unjudged or result.sentence)
    try:
        drawn = unpacked(result)
    except ValueError as error:
        return Message("draw.not_followed", why=str(error))
    note = drawn.raised and str(Message("draw.raises", raised=drawn.raised))
    if not note and failing:
        note = str(failing[0].finding.message)
    if wrong_output:
        arrays = [e.should_be for e in outputs if isinstance(e.should_be, np.ndarray)]
        due: list[Array | Message] = [*arrays, *shapes]
        return Drawing(drawn, output=due[0] if due else None, note=note)
    wrong = frozenset(j.claim.about.gradient_of for j in failing if j.claim.about)
    return Drawing(drawn, wrong, note=note)
