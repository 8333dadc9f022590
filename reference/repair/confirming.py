"""The last trial of a draft: the whole text is read again, and judged by every claim."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from trigrad.cases.drawing import seed_for
from trigrad.cases.fresh import fresh_cases
from trigrad.claim.answers import Answers
from trigrad.claim.claim import Claim, Outcome, Severity
from trigrad.claim.evidence import AbsentError
from trigrad.contracts.schema import Contract
from trigrad.messages import Message, joined
from trigrad.repair.default_numbers import default_numbers
from trigrad.repair.draft import Draft
from trigrad.repair.editable_text import Library
from trigrad.repair.edits.edit import applied
from trigrad.repair.effort import Effort
from trigrad.repair.harm import Original
from trigrad.repair.protocol import Confirmed
from trigrad.subject.candidate import Candidate, Unjudged
from trigrad.subject.face import Face
from trigrad.subject.source.text import UnreadableError
from trigrad.subject.subject import Subject
from trigrad.trial.judgement import Judgement
from trigrad.trial.layer_trial import LayerTrial, OverdueError
from trigrad.witnesses import finite_difference

FRESH = 10
"""The number of new cases on which a repair has to pass every claim."""


@dataclass
class Confirmer:
    """Judges drafts of one layer, on cases that were not drawn before."""

    subject: Subject
    candidate: Candidate
    library: Library
    before: Original
    effort: Effort
    seed: int
    strict: frozenset[str] = frozenset()
    passing: Callable[[Candidate], Candidate | None] = field(default=lambda other: other)
    """Another layer of the subject, as it is read; None if it does not pass as it is."""
    usual: Candidate | None = None
    """The same layer with its default numbers, if it is judged with others."""

    def confirm(self, draft: Draft) -> Confirmed | None:
        """The verdict on a draft; None where a must-claim does not hold, or it does harm."""
        face = loaded_again(self.subject, self.candidate, draft)
        if face is None:
            return None
        try:
            judgements = self._judged(self.candidate.contract, face)
            if judgements is None or self.before.is_harmed(face, judgements):
                return None
        finally:
            face.close()
        if self._refuted_with_other_numbers(draft):
            return None
        if self.usual is not None and _is_refuted(self.usual, draft, self.seed, self.effort):
            return None
        if not all(self._still_passes(other, draft) for other in self._others(draft)):
            return None
        worse = self.before.worse(judgements)
        text = "\n".join(Draft((u,)).pieces()[0].text for u in draft.units if u.own)
        short = sum(_is_limited(j) and may_be_meant(j.claim, text) for j in judgements)
        return Confirmed(draft, len(worse), _in_words(worse), short)

    def _judged(self, contract: Contract, face: Face) -> list[Judgement] | None:
        """Every claim on fresh cases; None if a must-claim does not hold, or the time is over."""
        until = self.effort.until
        try:
            trial = LayerTrial(
                contract, face, self.seed + 1, FRESH, self.strict, smaller=False, until=until
            )
            judgements = trial.judge()
        except OverdueError:
            return None
        held = (Outcome.PASS, Outcome.NOT_APPLICABLE)
        musts = [j for j in judgements if j.claim.severity is Severity.MUST]
        return judgements if all(j.finding.outcome in held for j in musts) else None

    def _refuted_with_other_numbers(self, draft: Draft) -> bool:
        """Whether backward is the derivative of forward with the layer's default numbers only.

        `alpha + exp(x) - 1` is that of an ELU where alpha is 1, and of no other.
        """
        texts = dict(draft.texts)
        for unit in draft.units:
            text = texts.get(unit.chunk.label, unit.chunk.text)
            numbers = default_numbers(unit, text).values() if unit.own else ()
            texts[unit.chunk.label] = applied(text, [number.other for number in numbers])
        if all(texts[u.chunk.label] == draft.text_of(u) for u in draft.units):
            return False
        return _is_refuted(self.candidate, Draft(draft.units, texts), self.seed, self.effort)

    def _others(self, draft: Draft) -> Iterator[Candidate]:
        """Layers that pass, and that use a helper which the draft changes."""
        changed = {(u.chunk.label, u.name) for u in draft.changed() if not u.own}
        for other in self.subject.candidates if changed else ():
            units = self.library.units_of(other.places)
            if any((u.chunk.label, u.name) in changed for u in units):
                passing = self.passing(other)
                if passing is not None:
                    yield passing

    def _still_passes(self, other: Candidate, draft: Draft) -> bool:
        units = tuple(self.library.units_of(other.places))
        if other.rebuild is None:
            return False
        face = other.rebuild(Draft(units, draft.texts).pieces())
        try:
            return self._judged(other.contract, face) is not None
        finally:
            face.close()


def loaded_again(subject: Subject, candidate: Candidate, draft: Draft) -> Face | None:
    """The layer's face after the whole text was read again, edits and all.

    What was given as live Python objects is not: there the layer alone is made again.
    """
    reload = subject.part_with(candidate).reload
    if reload is None:
        assert candidate.rebuild is not None, "it was made again before"
        return candidate.rebuild(draft.pieces())
    try:
        other = reload(draft.texts)
    except UnreadableError:  # with the edit nothing can be read any more: no repair
        return None
    named = candidate.name, candidate.label
    alike = [c for c in other.candidates if (c.name, c.label) == named]
    if len(alike) > 1:
        alike = [c for c in alike if c.contract.name == candidate.contract.name]
    if len(alike) != 1:
        return None
    again: Candidate | Unjudged | None = alike[0]
    if candidate.declare is not None and alike[0].unnamed is not None:
        again = alike[0].unnamed()  # it was judged as if its name said nothing
    if isinstance(again, Candidate) and again.declare is not None:
        again = again.declare(candidate.as_declared)
    return candidate.called(again.face) if isinstance(again, Candidate) else None


def _is_refuted(candidate: Candidate, draft: Draft, seed: int, effort: Effort) -> bool:
    """Whether backward gives another number than the derivative of forward, on one case.

    What raises, or has another shape, is refuted by nothing here: not every number is allowed.
    """
    contract = candidate.contract
    cases = fresh_cases(contract, seed_for(seed, f"other numbers of {contract.name}"))
    if candidate.rebuild is None or not cases:
        return False
    face = candidate.rebuild(draft.pieces())
    face.start_clock(1.0, effort.seconds)
    answers = Answers(contract, face, cases[0])
    try:
        return any(_differs(claim, answers) for claim in finite_difference.claims(contract))
    finally:
        face.close()


def _differs(claim: Claim, answers: Answers) -> bool:
    try:
        return claim.check(answers).outcome is Outcome.FAIL
    except AbsentError:
        return False


_OF_SHAPES = re.compile(
    r"reshape|ndim|ravel|flatten|squeeze|newaxis|expand_dims|atleast|argmax|arange|\.size\b"
)
"""What a text has that takes inputs of other shapes, or class labels."""

_OF_EXTREMES = re.compile(r"\b(max|amax|min|maximum|minimum|clip|where|abs)\b")
"""What a text has that takes extreme inputs."""


def may_be_meant(claim: Claim, text: str) -> bool:
    """Whether a text has the beginnings of a further kind of input.

    Where it has none, no other edit makes it take such inputs, and none is waited for.
    """
    return bool((_OF_EXTREMES if claim.extreme else _OF_SHAPES).search(text))


def _in_words(worse: Sequence[Judgement]) -> tuple[str, ...]:
    """What became worse, in sentences."""
    refused = [str(j.claim.words) for j in worse if not j.advises]
    lost = (
        [str(Message("repair.no_longer", claims=joined("list.more", refused)))] if refused else []
    )
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
