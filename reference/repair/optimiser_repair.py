"""The repair of an optimiser: edits of its text, judged by the steps that it then takes."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from trigrad.cases.steps import Walk
from trigrad.claim.claim import Outcome, Severity
from trigrad.contracts.optimisers import Optimiser
from trigrad.repair.confirming import loaded_again
from trigrad.repair.draft import Draft
from trigrad.repair.effort import Effort
from trigrad.repair.protocol import Confirmed, Remaining
from trigrad.repair.repairer import ON_TIME, ON_TIME_ALONE, Repairer
from trigrad.repair.result import Repair
from trigrad.repair.screening import Level, Standing
from trigrad.repair.search import Search
from trigrad.subject.candidate import Candidate
from trigrad.subject.face import Face, Raised
from trigrad.subject.rebuilding import DefinitionText
from trigrad.trial.judgement import Judgement
from trigrad.trial.optimiser_reading import Mode
from trigrad.trial.optimiser_steps import Odd, nearness, steps_of
from trigrad.trial.optimiser_trial import OptimiserTrial

WALKS = 2
"""Walks that an edited optimiser takes before it is judged by every claim."""


@dataclass(frozen=True)
class OptimiserScreen:
    """A few walks in every mode."""

    row: Optimiser
    modes: Sequence[Mode]
    walks: Sequence[Walk]

    def glance(self, face: Face) -> Standing:
        """On the first walk."""
        return self._on(face, self.walks[:1])

    def standing(self, face: Face) -> Standing:
        """On all walks."""
        return self._on(face, self.walks)

    def _on(self, face: Face, walks: Sequence[Walk]) -> Standing:
        """For every mode and weight, whether all its steps are right."""
        levels: list[Level] = []
        errors: list[float] = []
        raised = 0
        for mode in self.modes:
            found = steps_of(face, mode, walks)
            names = list(walks[0].weights)
            if isinstance(found, Odd):
                level = Level.ABSENT if found.raised is not None else Level.MISSHAPEN
                levels += [level] * len(names)
                errors += [1.0] * len(names)
                raised = raised or _line(found.raised)
                continue
            for error in nearness(self.row, mode, walks, found).values():
                levels.append(Level.WRONG if error else Level.RIGHT)
                errors.append(error)
        return Standing(tuple(levels), tuple(errors), raised)


def _line(raised: Raised | None) -> int:
    return raised.where.line if raised is not None and raised.where is not None else 0


def repair_optimiser(
    repairer: Repairer, candidate: Candidate, trial: OptimiserTrial, judgements: Sequence[Judgement]
) -> Repair | None:
    """The repair of an optimiser that fails; None if its text is unknown, or if it hangs."""
    units = tuple(repairer.library.units_of(candidate.places)) if candidate.rebuild else ()
    ended = any(
        j.finding.evidence and j.finding.evidence.raised and j.finding.evidence.raised.ended
        for j in judgements
    )
    if not units or not repairer.seconds or ended or candidate.rebuild is None:
        return None
    row = candidate.contract
    assert isinstance(row, Optimiser), "its kind says so"
    share = ON_TIME if repairer.subject.limited else ON_TIME_ALONE
    effort = Effort(time.monotonic() + share * repairer.seconds)
    advised = {j.claim.name for j in judgements if j.advises}
    rebuild = candidate.rebuild
    made: list[Face] = []

    def made_again(pieces: Sequence[DefinitionText]) -> Face:
        made[:] = [rebuild(pieces)]
        return made[0]

    def left(face: Face) -> Remaining:
        found = trial.again(face, repairer.seed)
        return Remaining(sum(j.fails for j in found) if found else len(judgements))

    def confirmed(draft: Draft) -> Confirmed | None:
        face = loaded_again(repairer.subject, candidate, draft)
        if face is None:
            return None
        try:
            found = trial.again(face, repairer.seed + 1)
        finally:
            face.close()
        if not found or not all(_holds(j) for j in found):
            return None
        worse = [j for j in found if j.advises and j.claim.name not in advised]
        return Confirmed(draft, len(worse), tuple(j.finding.message for j in worse))

    search = Search(
        rebuild=made_again,
        screen=OptimiserScreen(row, [_of_edits(m) for m in trial.modes], trial.walks[:WALKS]),
        laws=left,
        confirm=confirmed,
        effort=effort,
        limited=repairer.subject.limited,
        frozen=frozenset(u for u in units if not u.own),
    )
    try:
        # Edits of many lines bring an optimiser nearer to right: that makes none of them suspect.
        return replace(search.run(Draft(units)), suspects=())
    finally:
        for face in made:
            face.close()


ANY_EPS = (1e-12, 1e-5)
"""The smallest and the largest number that an edit may put in as eps."""


def _of_edits(mode: Mode) -> Mode:
    """The same for edited texts, which may have another eps than the text that fails."""
    return replace(mode, constants=(*mode.constants, *ANY_EPS))


def _holds(judgement: Judgement) -> bool:
    must = judgement.claim.severity is Severity.MUST
    return not must or judgement.finding.outcome is Outcome.PASS
