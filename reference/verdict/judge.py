"""A trial: from a subject to the report on all its layers.

The one place that pytest, the command line and `check` all call.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

from trigrad.cases.drawing import seed_for
from trigrad.cases.fresh import fresh_cases
from trigrad.claim.claim import Finding, Outcome, Severity
from trigrad.contracts.registry import CONTRACTS
from trigrad.contracts.schema import Kind
from trigrad.defaults import EXAMPLES
from trigrad.diagnosis.diagnose import diagnose
from trigrad.diagnosis.diagnosis import Diagnosis
from trigrad.repair.repairer import Repairer
from trigrad.subject.inprocess import reproducible
from trigrad.subject.recognition import Candidate, Unjudged
from trigrad.subject.subject import Subject
from trigrad.trial.designs import settled
from trigrad.trial.judgement import Judgement
from trigrad.trial.layer import LayerTrial
from trigrad.trial.plan import plan
from trigrad.verdict.agreement import in_agreement
from trigrad.verdict.results import LayerReport, Results, Verdict


def try_layer(
    candidate: Candidate,
    seed: int,
    examples: int,
    strict: frozenset[str] = frozenset(),
    repairer: Repairer | None = None,
) -> LayerReport | Unjudged:
    """The verdict on one candidate; Unjudged where it needs a module that is not here.

    `strict` names should-claims that are held to be must-claims; `repairer` looks for the repair of
    a layer that fails.
    """
    with reproducible():
        candidate = settled(candidate)
    contract = candidate.contract
    if candidate.unimplemented:
        return LayerReport(
            contract.name,
            candidate.name,
            contract.kind,
            Verdict.UNIMPLEMENTED,
            candidate.where,
            candidate.notes,
            lines=candidate.lines,
        )
    try:
        with reproducible():
            held = LayerTrial(contract, candidate.face, seed, examples, strict)
            judgements = held.judge()
            diagnosis = _diagnosis(candidate, seed, judgements)
            repair = None
            if repairer and any(j.fails for j in judgements) and not _not_judgeable(judgements):
                repair = repairer.repair(candidate, held.cases, judgements, held.notes)
                diagnosis = in_agreement(diagnosis, repair, candidate.lines, candidate.where)
    finally:
        candidate.face.close()
    why = _not_judgeable(judgements)
    if why is not None:
        if candidate.name != contract.name:
            why = f"read as {contract.name}, but {why}"
        return Unjudged(candidate.name, candidate.where, why, contract.name)
    return LayerReport(
        layer=contract.name,
        name=candidate.name,
        kind=contract.kind,
        verdict=_verdict(judgements),
        where=candidate.where,
        notes=(*candidate.notes, *held.notes, *_capabilities(judgements)),
        judgements=tuple(judgements),
        diagnosis=diagnosis,
        lines=candidate.lines,
        repair=repair,
    )


def _diagnosis(
    candidate: Candidate, seed: int, judgements: Sequence[Judgement]
) -> Diagnosis | None:
    """What is said of a candidate that fails, from cases that no claim was put to."""
    if not any(j.fails for j in judgements):
        return None
    contract, face = candidate.contract, candidate.face
    cases = fresh_cases(contract, seed_for(seed, f"the diagnosis of {contract.name}"))
    face.start_clock(1.0)
    return diagnose(contract, face, judgements, cases, candidate.stored, candidate.lines)


def _not_judgeable(judgements: Sequence[Judgement]) -> str | None:
    """Why a layer that fails is not to be judged: no dialect covers it, or a module is missing."""
    for judgement in judgements:
        evidence = judgement.finding.evidence
        if not judgement.fails or evidence is None or evidence.raised is None:
            continue
        raised = evidence.raised
        if raised.unjudged:
            return raised.unjudged
        if raised.absent:
            return f"it needs {raised.absent}, which is not here ({raised.message})"
    return None


def _verdict(judgements: Sequence[Judgement]) -> Verdict:
    if any(j.fails for j in judgements):
        return Verdict.FAIL
    must = [j for j in judgements if j.claim.severity is Severity.MUST]
    if any(j.finding.outcome is Outcome.INCONCLUSIVE for j in must):
        return Verdict.INCONCLUSIVE
    return Verdict.PASS


def _capabilities(judgements: Sequence[Judgement]) -> list[str]:
    """ "also handles: labels; not: 4-D x"."""
    variants = [j for j in judgements if j.claim.variant is not None]
    able = [j.claim.name for j in variants if j.finding.outcome is Outcome.PASS]
    unable = [j.claim.name for j in variants if j.finding.outcome is Outcome.NOT_APPLICABLE]
    parts = [f"also handles: {', '.join(able)}"] if able else []
    parts += [f"not: {', '.join(unable)}"] if unable else []
    return ["; ".join(parts)] if parts else []


def _blocked_network(candidate: Candidate, failed: Sequence[str]) -> LayerReport:
    names = " and ".join(failed)
    finding = Finding(Outcome.BLOCKED, f"blocked by: {names}")
    return LayerReport(
        candidate.contract.name,
        candidate.name,
        candidate.contract.kind,
        Verdict.INCONCLUSIVE,
        candidate.where,
        (*candidate.notes, f"not judged: it is built from {names}, wrong above; mend that first"),
        tuple(Judgement(claim, finding) for claim in plan(candidate.contract)),
        lines=candidate.lines,
    )


class SubjectTrial:
    """The trials of a subject's layers, each held when it is first asked for, and once."""

    def __init__(
        self,
        subject: Subject,
        seed: int,
        examples: int,
        strict: frozenset[str] = frozenset(),
        repair_seconds: float = 0.0,
    ) -> None:
        self._subject = subject
        self._strict = strict
        self._seed = seed
        self._examples = examples
        self._results: dict[Candidate, LayerReport | Unjudged] = {}
        self._repairer = Repairer(subject, repair_seconds, seed, strict, self._passes)

    def result(self, candidate: Candidate) -> LayerReport | Unjudged:
        """The verdict on one candidate.

        A network that is built from a layer of its own that fails is blocked, not failed again.
        """
        if candidate not in self._results:
            self._results[candidate] = self._judge(candidate)
        return self._results[candidate]

    def _judge(self, candidate: Candidate) -> LayerReport | Unjudged:
        if candidate.contract.kind is Kind.NETWORK:
            own = [self.result(c) for c in self._layers_of(candidate)]
            broken = [
                r.name for r in own if isinstance(r, LayerReport) and r.verdict is Verdict.FAIL
            ]
            if broken:
                return _blocked_network(candidate, broken)
        return try_layer(candidate, self._seed, self._examples, self._strict, self._repairer)

    def _passes(self, candidate: Candidate) -> bool:
        """Whether a layer passes as it is; no repair is looked for."""
        known = self._results.get(candidate)
        if known is None and not candidate.unimplemented:
            known = try_layer(candidate, self._seed, self._examples, self._strict)
        return isinstance(known, LayerReport) and known.verdict is Verdict.PASS

    def _layers_of(self, network: Candidate) -> list[Candidate]:
        """The layers that a network's text names: those of its own file, else the only ones."""
        named = [
            c
            for c in self._subject.candidates
            if c.contract.kind is Kind.LAYER and c.name in network.uses
        ]
        beside = [c for c in named if _file_of(c) == _file_of(network)]
        there = {c.name for c in beside}
        names = [c.name for c in named]
        return beside + [c for c in named if c.name not in there and names.count(c.name) == 1]


def _file_of(candidate: Candidate) -> str:
    return candidate.where.file if candidate.where else ""


def try_subject(
    subject: Subject,
    *,
    seed: int = 0,
    examples: int = EXAMPLES,
    layer: str | None = None,
    required: Sequence[str] = (),
    strict: frozenset[str] = frozenset(),
    repair_seconds: float = 0.0,
) -> Results:
    """The trial of everything in a subject, or of the one layer asked for.

    `layer` is a contract's name or the subject's own spelling. `required` are names of contracts
    that must be there, `strict` those of should-claims that are held to be must-claims.
    `repair_seconds` is how long a repair of each layer that fails is looked for.
    """
    began = time.perf_counter()
    trial = SubjectTrial(subject, seed, examples, strict, repair_seconds)
    chosen = [
        c for c in subject.candidates if layer is None or _named(layer, c.name, c.contract.name)
    ]
    results = [trial.result(candidate) for candidate in chosen]
    layers = [r for r in results if isinstance(r, LayerReport)]
    unjudged = [u for u in subject.unjudged if layer is None or _named(layer, u.name, u.layer)]
    unjudged += [r for r in results if isinstance(r, Unjudged)]
    present = {report.layer for report in layers}
    if layer is not None:  # what is there and was not asked for is not missing
        present |= {c.contract.name for c in subject.candidates}
    whole = layer is None and bool(layers) and not subject.single
    missing = _missing(present, {u.layer for u in unjudged}, required, whole=whole)
    names = {report.layer for report in missing}
    return Results(
        path=subject.path,
        single=subject.single,
        sha256=subject.sha256,
        seed=seed,
        examples=examples,
        layers=(*layers, *missing),
        notes=tuple(subject.notes),
        unjudged=tuple(unjudged),
        required=tuple(name for name in required if name in names),
        seconds=time.perf_counter() - began,
        error=None if layers else _nothing(subject, layer, unjudged),
    )


def _named(layer: str, *names: str) -> bool:
    return layer.lower() in [name.lower() for name in names]


def _missing(
    present: set[str], unjudged: set[str], required: Sequence[str], *, whole: bool
) -> list[LayerReport]:
    """What was required and is not there; of a whole subject also the chapter's other layers."""
    wanted = set(required)
    if whole:
        wanted |= {c.name for c in CONTRACTS if c.kind is Kind.LAYER and c.expected} - unjudged
    return [
        LayerReport(c.name, c.name, c.kind, Verdict.MISSING)
        for c in CONTRACTS
        if c.name in wanted - present
    ]


def _nothing(subject: Subject, layer: str | None, unjudged: Sequence[Unjudged]) -> str:
    """Why nothing was judged, in one line."""
    if layer is not None and subject.candidates and not unjudged:
        names = ", ".join(dict.fromkeys(c.name for c in subject.candidates))
        return f"{subject.path} has no {layer}; it has {names}"
    if unjudged:
        reasons = "; ".join(f"{u.name}: {u.why}" for u in unjudged)
        return f"{subject.path} has no layer that can be judged ({reasons})"
    known = ", ".join(c.name for c in CONTRACTS)
    return f"{subject.path} has no layer in it; trigrad looks for {known}"
