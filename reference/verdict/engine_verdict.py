"""The verdict on an engine."""

from __future__ import annotations

from trigrad.claim.claim import Outcome, Severity
from trigrad.contracts.schema import Kind
from trigrad.messages import Message
from trigrad.subject.candidate import Candidate, Unjudged
from trigrad.subject.inprocess import reproducible
from trigrad.trial.engine_trial import EngineFindings, EngineTrial
from trigrad.verdict.results import LayerReport, Verdict


def try_engine(candidate: Candidate, seed: int, examples: int) -> LayerReport | Unjudged:
    """The verdict on an engine; Unjudged if it can do nothing that is tried."""
    try:
        with reproducible():
            found = EngineTrial(
                *(candidate.contract, candidate.face, seed, examples), candidate.uses
            ).judge()
    finally:
        candidate.face.close()
    if found.unjudged:
        return Unjudged(candidate.name, candidate.where, found.unjudged)
    return LayerReport(
        layer=candidate.contract.name,
        name=candidate.name,
        kind=Kind.ENGINE,
        verdict=_verdict(found),
        where=candidate.where,
        notes=(*candidate.notes, *found.notes),
        judgements=tuple(found.judgements),
        lines=candidate.lines,
        programs=found.programs,
        untried=tuple(name for name in candidate.parts if name not in found.called),
        wrong_methods=_methods(candidate, found),
    )


def _verdict(found: EngineFindings) -> Verdict:
    if any(j.fails for j in found.judgements):
        return Verdict.FAIL
    must = (j for j in found.judgements if j.claim.severity is Severity.MUST)
    if any(j.finding.outcome is Outcome.INCONCLUSIVE for j in must):
        return Verdict.INCONCLUSIVE
    return Verdict.PASS


def _methods(candidate: Candidate, found: EngineFindings) -> tuple[str, ...]:
    """The methods and functions of the operations that are wrong on their own."""
    named = [
        name
        for mistake in found.mistakes
        for name in mistake.evidence.methods
        if name in candidate.lines
    ]
    return tuple(dict.fromkeys(named))


def untried(report: LayerReport) -> list[Unjudged]:
    """What of an engine no program runs through: it is not judged."""
    why = str(Message("engine.untried"))
    names = (f"{report.name}: {name}" for name in report.untried)
    return [Unjudged(name, report.where, why) for name in names]
