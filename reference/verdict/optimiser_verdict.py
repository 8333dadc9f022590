"""The verdict on an optimiser."""

from __future__ import annotations

from trigrad.claim.claim import Outcome, Severity
from trigrad.contracts.optimisers import Optimiser
from trigrad.contracts.schema import Kind
from trigrad.diagnosis.diagnosis import Diagnosis, Mistake
from trigrad.repair.optimiser_repair import repair_optimiser
from trigrad.repair.repairer import Repairer
from trigrad.subject.candidate import Candidate, Unjudged
from trigrad.subject.inprocess import reproducible
from trigrad.trial.optimiser_trial import OptimiserFindings, OptimiserTrial
from trigrad.verdict.results import LayerReport, Verdict


def try_optimiser(
    candidate: Candidate, seed: int, examples: int, repairer: Repairer | None = None
) -> LayerReport | Unjudged:
    """The verdict on an optimiser; Unjudged if it cannot be called.

    `repairer` searches for its repair if it fails.
    """
    row = candidate.contract
    assert isinstance(row, Optimiser), "its kind says so"
    try:
        with reproducible():
            trial = OptimiserTrial(
                *(row, candidate.face, seed, examples, candidate.uses),
                name=candidate.name,
                method=next(iter(candidate.parts), ""),
            )
            found = trial.judge()
            repair = None
            if repairer is not None and any(j.fails for j in found.judgements):
                repair = repair_optimiser(repairer, candidate, trial, found.judgements)
    finally:
        candidate.face.close()
    if found.unjudged:
        why = found.unjudged
        return Unjudged(candidate.name, candidate.where, why, row.name)
    return LayerReport(
        layer=row.name,
        name=candidate.name,
        kind=Kind.OPTIMISER,
        verdict=_verdict(found),
        where=candidate.where,
        notes=(*candidate.notes, *found.notes),
        judgements=tuple(found.judgements),
        diagnosis=_diagnosis(found),
        lines=candidate.lines,
        repair=repair,
    )


def _diagnosis(found: OptimiserFindings) -> Diagnosis | None:
    """The known mistake, where a must-claim is refuted."""
    if not found.slips or not any(j.fails for j in found.judgements):
        return None
    return Diagnosis(mistakes=tuple(Mistake((), words) for words in found.slips))


def _verdict(found: OptimiserFindings) -> Verdict:
    if any(j.fails for j in found.judgements):
        return Verdict.FAIL
    must = (j for j in found.judgements if j.claim.severity is Severity.MUST)
    if any(j.finding.outcome is Outcome.INCONCLUSIVE for j in must):
        return Verdict.INCONCLUSIVE
    return Verdict.PASS
