"""The refuted claims once more, on an edited layer."""

from __future__ import annotations

from collections.abc import Sequence

from trigrad.cases.case import Case
from trigrad.claim.answers import Answers
from trigrad.claim.claim import Claim, Finding, Outcome
from trigrad.repair.effort import Effort
from trigrad.repair.protocol import Remaining
from trigrad.subject.face import Face
from trigrad.trial.judgement import Judgement
from trigrad.trial.layer_trial import put

CLAIM_PATIENCE = 0.1
"""The share of its usual time limit that a claim has for an edited layer."""


def still_refuted(
    face: Face,
    failing: Sequence[Judgement],
    claims: Sequence[Claim],
    case: Case,
    effort: Effort,
) -> Remaining:
    """Which of the refuted claims are still refuted of an edited layer, on the same cases.

    If none is: one, where some other must-claim is refuted instead.
    """
    all_answers: dict[Case, Answers] = {}

    def finding(claim: Claim, on: Case) -> Finding:
        face.start_clock(CLAIM_PATIENCE, effort.seconds)
        return put(claim, all_answers.setdefault(on, Answers(claim.contract, face, on)))

    found = []
    for judgement in failing:
        if effort.seconds <= 0:
            return Remaining(len(failing))
        found.append(finding(judgement.claim, base_of(judgement) or case))
    refuted = [f for f in found if f.outcome is Outcome.FAIL]
    if refuted:
        kinds = {f.evidence.kind for f in refuted if f.evidence and f.evidence.raised}
        return Remaining(len(refuted), frozenset(kinds))
    return Remaining(int(any(finding(claim, case).outcome is Outcome.FAIL for claim in claims)))


def base_of(judgement: Judgement) -> Case | None:
    """The case that a refutation started from."""
    evidence = judgement.finding.evidence
    return evidence.base if evidence is not None else None


def ended(judgement: Judgement) -> bool:
    """Whether a call did not return, or ended its process."""
    evidence = judgement.finding.evidence
    return bool(evidence and evidence.raised and evidence.raised.ended)
