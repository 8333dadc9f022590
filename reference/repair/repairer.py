"""From a layer that fails to its repair: which text is edited, on which cases, by which claims."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from trigrad.cases.case import Case
from trigrad.claim.answers import Answers
from trigrad.claim.claim import Claim, Finding, Outcome, Severity
from trigrad.claim.quantity import OUTPUT
from trigrad.contracts.schema import Contract
from trigrad.repair.draft import Draft
from trigrad.repair.editable_text import Library, Unit
from trigrad.repair.protocol import Confirmed, Remaining
from trigrad.repair.result import Repair
from trigrad.repair.screening import Screen
from trigrad.repair.search import Search
from trigrad.subject.candidate import Candidate
from trigrad.subject.face import BatchAxis, Face
from trigrad.subject.rebuilding import DefinitionText
from trigrad.subject.source.text import UnreadableError
from trigrad.subject.subject import Subject
from trigrad.trial.judgement import Judgement
from trigrad.trial.layer_trial import LayerTrial, OverdueError, put

SCREENED = 3
"""The most drawn cases that edited layers are run on, beside those that refuted something."""

FRESH = 10
"""The number of new cases on which a repair has to pass every claim."""

ON_TIME = 0.9
"""The share of the time limit after which nothing new is started, so that the limit is kept."""

ON_TIME_ALONE = 0.7
"""The same where layers run in this process: what is started cannot be stopped there."""

CLAIM_PATIENCE = 0.1
"""The share of its usual time limit that a claim has for an edited layer."""


@dataclass(frozen=True)
class Before:
    """The judgements of a layer before any edit."""

    judgements: Sequence[Judgement]
    batch_axis: BatchAxis = BatchAxis.ROWS
    """How its spelling was read."""

    @property
    def output_is_right(self) -> bool:
        """Whether every claim about the output of forward holds."""
        about = [j for j in self.judgements if j.claim.about == OUTPUT]
        return all(j.finding.outcome is Outcome.PASS for j in about)


@dataclass
class Repairer:
    """Looks for repairs of a subject's layers."""

    subject: Subject
    seconds: float
    """The time limit for one layer; 0: no repair is looked for."""
    seed: int
    strict: frozenset[str] = frozenset()
    passes: Callable[[Candidate], bool] = field(default=lambda _: True)
    """Whether another layer of the subject passes as it is."""

    @cached_property
    def _library(self) -> Library:
        return Library(self.subject.modules)

    def repair(
        self,
        candidate: Candidate,
        cases: Sequence[Case],
        judgements: Sequence[Judgement],
        batch_axis: BatchAxis = BatchAxis.ROWS,
    ) -> Repair | None:
        """The repair of a layer that fails; None if its text is unknown, or if it hangs.

        `cases` are those that were drawn for it, `batch_axis` that of its operands.
        """
        before = Before(judgements, batch_axis)
        usual = candidate.contract.notation.usual
        units = tuple(self._library.units_of(candidate.places, usual)) if candidate.rebuild else ()
        failing = [j for j in judgements if j.fails]
        if not units or not self.seconds or any(_ended(j) for j in failing):
            return None
        assert candidate.rebuild is not None, "else there are no units"
        bases = list(dict.fromkeys(b for j in failing if (b := _base(j)) is not None))
        largest = sorted(cases[:-1], key=lambda case: -case.entries)[: SCREENED - 1]
        screened = list(dict.fromkeys([cases[-1], *bases[:SCREENED], *largest]))
        others = [
            j.claim
            for j in judgements
            if j.claim.severity is Severity.MUST and j.claim.variant is None and not j.fails
        ]
        # Judging a helper is another layer's verdict: it does not use up this search's time.
        frozen = frozenset(unit for unit in units if not unit.own and self._is_frozen(unit))
        share = ON_TIME if self.subject.limited else ON_TIME_ALONE
        until = time.monotonic() + share * self.seconds
        rebuild = candidate.rebuild
        made: list[Face] = []

        def made_again(pieces: Sequence[DefinitionText]) -> Face:
            made[:] = [rebuild(pieces)]
            return made[0]

        search = Search(
            rebuild=made_again,
            screen=Screen(candidate.contract, screened),
            laws=lambda face: _refuted(face, failing, others, cases[-1], until),
            confirm=lambda draft: self._confirm(candidate, draft, before, until),
            until=until,
            limited=self.subject.limited,
            frozen=frozen,
        )
        try:
            return search.run(Draft(units))
        finally:
            # A layer that could not be loaded has no worker of its own; these faces have one.
            for face in made:
                face.close()

    def _is_frozen(self, unit: Unit) -> bool:
        """Whether a unit is a layer or function that has a verdict of its own, and passes."""
        place = unit.chunk.label, unit.line
        return any(place in c.places and self.passes(c) for c in self.subject.candidates)

    def _confirm(
        self, candidate: Candidate, draft: Draft, before: Before, until: float
    ) -> Confirmed | None:
        """Judge the edited text by every claim, on cases that were not drawn before."""
        face = self._loaded_again(candidate, draft)
        if face is not None and time.monotonic() > until:
            face.close()
            face = None
        judged = self._judged(candidate.contract, face, until) if face else None
        if judged is None:
            return None
        judgements, batch_axis = judged
        other_axis = batch_axis not in (BatchAxis.ROWS, before.batch_axis)
        if other_axis and before.output_is_right:
            return None  # that forward was right for samples in rows: backward has to fit it
        if not all(self._still_passes(other, draft, until) for other in self._others(draft)):
            return None
        earlier = {j.claim: j for j in before.judgements}
        worse = [j for j in judgements if _is_worse(earlier[j.claim], j)]
        return Confirmed(draft, len(worse), _in_words(worse), sum(map(_is_limited, judgements)))

    def _loaded_again(self, candidate: Candidate, draft: Draft) -> Face | None:
        """The layer's face after the whole text was read again, edits and all.

        What was given as live Python objects is not: there the layer alone is made again.
        """
        reload = self.subject.part_with(candidate).reload
        if reload is None:
            pieces = draft.pieces()
            assert candidate.rebuild is not None, "it was made again before"
            return candidate.rebuild(pieces)
        try:
            subject = reload(draft.texts)
        except UnreadableError:  # with the edit nothing can be read any more: no repair
            return None
        alike = [
            c
            for c in subject.candidates
            if (c.contract.name, c.name) == (candidate.contract.name, candidate.name)
            and c.label == candidate.label
        ]
        return candidate.called(alike[0].face) if len(alike) == 1 else None

    def _judged(
        self, contract: Contract, face: Face, until: float
    ) -> tuple[list[Judgement], BatchAxis] | None:
        """Every claim on fresh cases, and the batch axis; None if a must-claim does not hold."""
        try:
            trial = LayerTrial(
                contract, face, self.seed + 1, FRESH, self.strict, smaller=False, until=until
            )
            judgements = trial.judge()
            batch_axis = trial.batch_axis
        except OverdueError:  # the time is over
            return None
        finally:
            face.close()
        held = (Outcome.PASS, Outcome.NOT_APPLICABLE)
        musts = [j for j in judgements if j.claim.severity is Severity.MUST]
        return (judgements, batch_axis) if all(j.finding.outcome in held for j in musts) else None

    def _others(self, draft: Draft) -> Iterator[Candidate]:
        """Layers that pass, and that use a helper which the draft changes."""
        changed = {(u.chunk.label, u.name) for u in draft.changed() if not u.own}
        for other in self.subject.candidates if changed else ():
            units = self._library.units_of(other.places)
            if any((u.chunk.label, u.name) in changed for u in units) and self.passes(other):
                yield other

    def _still_passes(self, other: Candidate, draft: Draft, until: float) -> bool:
        units = tuple(self._library.units_of(other.places))
        if other.rebuild is None:
            return False
        pieces = Draft(units, draft.texts).pieces()
        return self._judged(other.contract, other.rebuild(pieces), until) is not None


def _is_worse(before: Judgement, after: Judgement) -> bool:
    """Whether an edit added advice, or made the layer refuse a kind of input that it handled."""
    if after.advises:
        return not before.advises
    refused = after.finding.outcome is Outcome.NOT_APPLICABLE
    return refused and before.finding.outcome is Outcome.PASS


def _in_words(worse: Sequence[Judgement]) -> tuple[str, ...]:
    """What became worse, in sentences."""
    refused = [j.claim.name for j in worse if not j.advises]
    lost = [f"{', '.join(refused)}: no longer handled"] if refused else []
    return (*lost, *(j.finding.message for j in worse if j.advises))


def _is_limited(judgement: Judgement) -> bool:
    """Whether a further kind of input is not handled, or an extreme input breaks the layer.

    Other advice does not count: that two gradients are one array, say, is no reason for a change
    that makes two arrays of them by accident.
    """
    refused = judgement.finding.outcome is Outcome.NOT_APPLICABLE
    if judgement.claim.variant is not None:
        return refused or judgement.advises
    return judgement.claim.extreme and judgement.advises


def _refuted(
    face: Face,
    failing: Sequence[Judgement],
    claims: Sequence[Claim],
    case: Case,
    until: float,
) -> Remaining:
    """Which of the refuted claims are still refuted of an edited layer, on the same cases.

    If none is: one, where some other must-claim is refuted instead.
    """
    all_answers: dict[Case, Answers] = {}

    def finding(claim: Claim, on: Case) -> Finding:
        face.start_clock(CLAIM_PATIENCE, until - time.monotonic())
        return put(claim, all_answers.setdefault(on, Answers(claim.contract, face, on)))

    found = []
    for judgement in failing:
        if time.monotonic() > until:
            return Remaining(len(failing))
        found.append(finding(judgement.claim, _base(judgement) or case))
    refuted = [f for f in found if f.outcome is Outcome.FAIL]
    if refuted:
        kinds = {f.evidence.kind for f in refuted if f.evidence and f.evidence.raised}
        return Remaining(len(refuted), frozenset(kinds))
    return Remaining(int(any(finding(claim, case).outcome is Outcome.FAIL for claim in claims)))


def _base(judgement: Judgement) -> Case | None:
    """The case that a refutation started from."""
    evidence = judgement.finding.evidence
    return evidence.base if evidence is not None else None


def _ended(judgement: Judgement) -> bool:
    evidence = judgement.finding.evidence
    return bool(evidence and evidence.raised and evidence.raised.ended)
