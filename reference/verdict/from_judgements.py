"""What the judgements on a layer say together: its verdict, what it handles, why it has none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from trigrad.claim.claim import Outcome, Severity
from trigrad.messages import Message, joined
from trigrad.subject.dialects.signatures import UnknownStepError
from trigrad.trial.judgement import Judgement
from trigrad.verdict.results import Verdict


def why_not_judgeable(judgements: Sequence[Judgement]) -> str | None:
    """Why a layer that fails cannot be judged: no dialect fits it, or a module is missing."""
    for judgement in judgements:
        evidence = judgement.finding.evidence
        if not judgement.fails or evidence is None or evidence.raised is None:
            continue
        raised = evidence.raised
        if raised.unjudged:
            return raised.unjudged
        if raised.absent:
            why = Message("unjudged.needs", absent=raised.absent, message=raised.message)
            return str(why)
    return None


def has_unknown_step(judgements: Sequence[Judgement]) -> bool:
    """Whether backward takes a step whose size nothing but its text has."""
    raised = (j.finding.evidence.raised for j in judgements if j.fails and j.finding.evidence)
    return any(each is not None and each.error == UnknownStepError.__name__ for each in raised)


def forward_is_right(judgements: Sequence[Judgement]) -> bool:
    """Whether the output is that of the contract."""
    value = next((j for j in judgements if j.claim.name == "value"), None)
    return value is not None and not value.fails and value.finding.outcome is Outcome.PASS


def verdict_of(judgements: Sequence[Judgement], undecided: Message | None) -> Verdict:
    """The verdict that they have together; `undecided` is why one that nothing refutes is none."""
    if any(j.fails for j in judgements):
        return Verdict.FAIL
    if undecided is not None:
        return Verdict.INCONCLUSIVE
    must = [j for j in judgements if j.claim.severity is Severity.MUST]
    if any(j.finding.outcome is Outcome.INCONCLUSIVE for j in must):
        return Verdict.INCONCLUSIVE
    return Verdict.PASS


def capabilities(judgements: Sequence[Judgement]) -> list[str]:
    """Which further inputs the layer handles: `also handles: labels; does not take: 4-D x`."""
    variants = [j for j in judgements if j.claim.variant is not None]
    able = _listed(j for j in variants if j.finding.outcome is Outcome.PASS)
    unable = _listed(j for j in variants if j.finding.outcome is Outcome.NOT_APPLICABLE)
    if able and unable:
        return [str(Message("handles.some", able=able, unable=unable))]
    if able:
        return [str(Message("handles.all", able=able))]
    return [str(Message("handles.none", unable=unable))] if unable else []


def _listed(judgements: Iterable[Judgement]) -> str:
    return joined("list.more", (str(j.claim.words) for j in judgements))
