"""The verdict on an engine."""

from __future__ import annotations

from dataclasses import replace

from trigrad.claim.claim import Outcome, Severity
from trigrad.contracts.schema import Kind
from trigrad.messages import Message
from trigrad.subject.candidate import Candidate, Unjudged
from trigrad.subject.face import Passes
from trigrad.subject.inprocess import reproducible
from trigrad.trial.engine_trial import EngineFindings, EngineTrial
from trigrad.trial.program_judge import Wrong
from trigrad.verdict.drawing import Drawing
from trigrad.verdict.results import LayerReport, Verdict
from trigrad.witnesses.program_graph import followed


def try_engine(
    candidate: Candidate, seed: int, examples: int, *, draw: bool = False
) -> LayerReport | Unjudged:
    """The verdict on an engine; Unjudged if it can do nothing that is tried.

    With `draw`, the smallest program in which it is wrong is followed.
    """
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
        drawing=_drawing(found) if draw else None,
    )


def _drawing(found: EngineFindings) -> Drawing | Message:
    """The smallest program that shows a mistake, if it goes back once."""
    shown = [m.mismatch for m in found.mistakes if m.passes is Passes.BOTH and m.mismatch.own]
    if not shown:
        return Message("draw.no_program")
    least = min(shown, key=lambda each: each.program.size)
    drawn = followed(least.program)
    if least.wrong is Wrong.VALUE:
        (number,) = drawn.outputs.values()
        due, own = drawn.values[number], least.own.get("output")
        if own is None or own.shape != due.shape:
            return Message("draw.no_program")
        return Drawing(replace(drawn, values={**drawn.values, number: own}), output=due)
    wrong = least.differing - {"output"}
    return Drawing(replace(drawn, own=dict(least.own)), wrong)


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
