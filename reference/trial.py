"""A trial: draws a layer's cases, puts every claim to its witness, shrinks what is refuted.

The one place that pytest, the command line and `check` all call.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from reference.case import Case
from reference.claim import AbsentError, Claim, Finding, Outcome, Severity, refuted
from reference.contracts import CONTRACTS, Contract, Kind
from reference.defaults import EXAMPLES
from reference.hearing import Hearing
from reference.plan import plan
from reference.report import Judgement, LayerReport, Report, Verdict
from reference.subject.face import Face
from reference.subject.inprocess import reproducible
from reference.subject.subject import Candidate, Subject, Unjudged
from reference.verdict.diagnosis import diagnose
from reference.witnesses.autograd import TwinFace
from reference.witnesses.sampling import (
    Material,
    case_from,
    draw_cases,
    seed_for,
    smallest,
    variant_case,
)

VARIANT_EXAMPLES = 5
"""Of these, how many are also tried as each of the row's further kinds of input."""

SHRINK_CALLS = 100
"""How many cases a search for a smaller counterexample may try."""


@dataclass(frozen=True)
class _Drawn:
    """One drawn case with everything needed to draw a smaller one like it."""

    case: Case
    material: Material
    irrational: bool


class LayerTrial:
    """The trial of one layer: its cases are drawn once and shown to all its claims."""

    def __init__(self, contract: Contract, face: Face, seed: int, examples: int) -> None:
        self._contract = contract
        self._face = face
        self._seed = seed_for(seed, contract.name)
        drawn = draw_cases(contract, self._seed, examples)
        last = len(drawn) - 1
        self._drawn = [_Drawn(c, m, i == last) for i, (c, m) in enumerate(drawn)]
        self._hearings = [Hearing(contract, face, d.case) for d in self._drawn]
        self._small: list[Case] = []

    def judge(self) -> list[Judgement]:
        """Every claim of the plan, in its order."""
        done: dict[str, Judgement] = {}
        judged = []
        for claim in plan(self._contract):
            blocker = next((n for n in claim.needs if _absent(done.get(n))), None)
            if blocker is not None:
                judgement = Judgement(claim, Finding(Outcome.BLOCKED, f"blocked by: {blocker}"))
            else:
                judgement = Judgement(claim, self._decide(claim))
            judged.append(judgement)
            done.setdefault(claim.name, judgement)
        return judged

    def _decide(self, claim: Claim) -> Finding:
        if claim.variant is not None:
            finding = self._over(claim, self._variant_hearings(claim))
        else:
            finding = self._over(claim, self._hearings)
            if finding.outcome is Outcome.FAIL and claim.severity is Severity.MUST:
                finding = self._made_small(claim, finding)
        return self._cross_examined(claim, finding)

    def _over(self, claim: Claim, hearings: Iterable[Hearing]) -> Finding:
        """What a claim comes to over all cases: one refutation refutes it.

        Of several refutations the smallest that raised is shown, since it has a line; else the
        smallest.
        """
        findings = [(hearing, put(claim, hearing)) for hearing in hearings]
        failed = [(h, f) for h, f in findings if f.outcome is Outcome.FAIL]
        if failed:
            hearing, finding = min(failed, key=lambda pair: _readability(*pair))
            return _with_base(finding, hearing.case)
        # A kind of input that is refused once is not handled, though another case may pass.
        handled = [Outcome.NOT_APPLICABLE] if claim.variant else []
        for outcome in (*handled, Outcome.PASS, Outcome.INCONCLUSIVE):
            for _, finding in findings:
                if finding.outcome is outcome:
                    return finding
        return findings[0][1]

    def _variant_hearings(self, claim: Claim) -> list[Hearing]:
        variant = claim.variant
        assert variant is not None, "called for variants only"
        # The last ones: Hypothesis begins with its simplest draws.
        chosen = self._drawn[-1 - VARIANT_EXAMPLES : -1]
        cases = [variant_case(variant, self._contract, d.material) for d in chosen]
        return [Hearing(variant.contract, self._face, case) for case in cases]

    def _made_small(self, claim: Claim, finding: Finding) -> Finding:
        """The same failure on the smallest case found; one search serves all claims it refutes."""
        kind = _kind(finding)
        start = _base(finding)

        def fails(case: Case) -> bool:
            found = put(claim, Hearing(self._contract, self._face, case))
            return found.outcome is Outcome.FAIL and _kind(found) == kind

        known = next((case for case in self._small if fails(case)), None)
        if known is None and self._small and not claim.about:
            known = start  # a law, named behind what is shown in full: the smallest drawn will do
        if known is None:
            irrational = next(d.irrational for d in self._drawn if d.case is start)
            make = partial(case_from, self._contract, irrational=irrational)
            known = smallest(
                self._contract, self._seed, fails, start, calls=SHRINK_CALLS, make=make
            )
            self._small.append(known)
        final = put(claim, Hearing(self._contract, self._face, known))
        # A subject that does not repeat itself may not fail there a second time.
        return _with_base(final, known) if final.outcome is Outcome.FAIL else finding

    def _cross_examined(self, claim: Claim, finding: Finding) -> Finding:
        """A refutation counts only if PyTorch's own twin withstands the claim on that case."""
        if finding.outcome is not Outcome.FAIL:
            return finding
        contract = claim.variant.contract if claim.variant else self._contract
        twin = put(claim, Hearing(contract, TwinFace(contract), _base(finding)))
        if twin.outcome is Outcome.FAIL:
            return Finding(
                Outcome.INCONCLUSIVE,
                f"the witnesses contradict each other here ({claim.name}): this is trigrad's "
                "mistake, please report it",
                twin.evidence,
            )
        return finding


def put(claim: Claim, hearing: Hearing) -> Finding:
    """The answer of a claim's witness on one case."""
    try:
        with np.errstate(
            all="ignore"
        ):  # a subject's NaN and infinities are compared, not warned of
            return claim.check(hearing)
    except AbsentError as absent:
        evidence = absent.evidence
        if evidence.raised is not None:
            words = f"{claim.name}: {evidence.raised.call} raises {evidence.raised.error}"
        else:
            words = f"the {evidence.what} is {evidence.is_}, should be {evidence.should_be}"
        return refuted(words, evidence)


def _absent(judgement: Judgement | None) -> bool:
    if judgement is None:
        return False
    return judgement.finding.outcome in (Outcome.FAIL, Outcome.BLOCKED)


def _kind(finding: Finding) -> str:
    return finding.evidence.kind if finding.evidence else ""


def _readability(hearing: Hearing, finding: Finding) -> tuple[bool, int]:
    raised = finding.evidence is not None and finding.evidence.raised is not None
    return not raised, hearing.case.entries


def _with_base(finding: Finding, case: Case) -> Finding:
    assert finding.evidence is not None, "a refutation comes with its evidence"
    return replace(finding, evidence=replace(finding.evidence, base=case))


def _base(finding: Finding) -> Case:
    assert finding.evidence is not None, "a refutation comes with its evidence"
    assert finding.evidence.base is not None, "set where the refutation was chosen"
    return finding.evidence.base


def try_layer(candidate: Candidate, seed: int, examples: int) -> LayerReport | Unjudged:
    """The verdict on one candidate; Unjudged where it needs a module that is not here."""
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
    with reproducible():
        judgements = LayerTrial(contract, candidate.face, seed, examples).judge()
        diagnosis = diagnose(contract, candidate.face, judgements)
    missing = _missing_module(judgements)
    if missing is not None:
        return Unjudged(candidate.name, candidate.where, missing, contract.name)
    return LayerReport(
        layer=contract.name,
        name=candidate.name,
        kind=contract.kind,
        verdict=_verdict(judgements),
        where=candidate.where,
        notes=(*candidate.notes, *_capabilities(judgements)),
        judgements=tuple(judgements),
        diagnosis=diagnosis,
        lines=candidate.lines,
    )


def _missing_module(judgements: Sequence[Judgement]) -> str | None:
    for judgement in judgements:
        evidence = judgement.finding.evidence
        if judgement.fails and evidence and evidence.raised and evidence.raised.absent:
            raised = evidence.raised
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

    def __init__(self, subject: Subject, seed: int, examples: int) -> None:
        self._subject = subject
        self._seed = seed
        self._examples = examples
        self._results: dict[Candidate, LayerReport | Unjudged] = {}

    def result(self, candidate: Candidate) -> LayerReport | Unjudged:
        """The verdict on one candidate.

        A network that is built from a layer of its own that fails is blocked, not failed again.
        """
        if candidate not in self._results:
            self._results[candidate] = self._judge(candidate)
        return self._results[candidate]

    def _judge(self, candidate: Candidate) -> LayerReport | Unjudged:
        if candidate.contract.kind is Kind.NETWORK:
            own = [
                self.result(c)
                for c in self._subject.candidates
                if c.contract.kind is Kind.LAYER and c.name in candidate.uses
            ]
            broken = [
                r.name for r in own if isinstance(r, LayerReport) and r.verdict is Verdict.FAIL
            ]
            if broken:
                return _blocked_network(candidate, broken)
        return try_layer(candidate, self._seed, self._examples)


def try_subject(
    subject: Subject,
    *,
    seed: int = 0,
    examples: int = EXAMPLES,
    layer: str | None = None,
    required: Sequence[str] = (),
) -> Report:
    """The trial of everything in a subject, or of the one layer asked for.

    `layer` is a contract's name or the subject's own spelling. `required` are names of contracts
    that must be there.
    """
    began = time.perf_counter()
    trial = SubjectTrial(subject, seed, examples)
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
    missing = _missing(present, required, whole=layer is None and bool(layers))
    names = {report.layer for report in missing}
    return Report(
        path=subject.path,
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


def _missing(present: set[str], required: Sequence[str], *, whole: bool) -> list[LayerReport]:
    """What was required and is not there; of a whole subject also the chapter's other layers."""
    wanted = set(required)
    if whole:
        wanted |= {c.name for c in CONTRACTS if c.kind is Kind.LAYER}
    return [
        LayerReport(c.name, c.name, c.kind, Verdict.MISSING)
        for c in CONTRACTS
        if c.name in wanted - present
    ]


def _nothing(subject: Subject, layer: str | None, unjudged: Sequence[Unjudged]) -> str:
    """Why nothing was judged, in one line."""
    if layer is not None and subject.candidates:
        names = ", ".join(dict.fromkeys(c.name for c in subject.candidates))
        return f"{subject.path} has no {layer}; it has {names}"
    if unjudged:
        reasons = "; ".join(f"{u.name}: {u.why}" for u in unjudged)
        return f"{subject.path} has no layer that can be judged ({reasons})"
    known = ", ".join(c.name for c in CONTRACTS)
    return f"{subject.path} has no layer in it; trigrad looks for {known}"
