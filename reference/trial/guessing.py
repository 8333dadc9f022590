"""What nobody has declared, on inputs that are guessed: by itself it never fails."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from trigrad.contracts.declaration import DeclarationError
from trigrad.messages import Message
from trigrad.subject.candidate import Candidate, Unjudged
from trigrad.subject.composing.lines import usual_loss_in
from trigrad.subject.face import Guess, Raised
from trigrad.trial.judgement import Judgement
from trigrad.witnesses.structure import BACKWARD_RUNS

OF_NAMES = ("NameError", "UnboundLocalError", "AttributeError")
"""Errors that do not depend on what is given."""


def guessed(candidate: Candidate) -> Candidate | Unjudged:
    """The candidate as the best guess declares it; else what is said of it without one."""
    assert candidate.declare is not None, "asked of what is to be guessed"
    assert candidate.otherwise is not None, "it comes with that"
    candidate.face.start_clock(1.0)
    result = candidate.face.run([Guess()])[0]
    if isinstance(result, Raised) and result.error and not (result.unjudged or result.ended):
        if result.error in OF_NAMES:
            return replace(candidate.otherwise, why=result.sentence, where=result.where, todo="")
        likely = str(Message("guess.likeliest", raised=result.sentence))
        return replace(candidate.otherwise, why=likely, where=result.where)
    if isinstance(result, Raised) or not result.notes:
        return candidate.otherwise
    try:
        found = candidate.declare(result.notes)
    except DeclarationError:
        return candidate.otherwise  # sent by something else than our own search
    if not isinstance(found, Candidate):
        return candidate.otherwise
    return replace(
        found,
        guessed=True,
        unordered=result.unordered,
        declare=candidate.declare,
        otherwise=candidate.otherwise,
        notes=notes_of(found.contract.declaration),
    )


def notes_of(declaration: str) -> tuple[str, ...]:
    """What is said of a guess."""
    notes = [str(Message("guess.note", declaration=declaration))]
    loss = usual_loss_in(declaration)
    if loss:
        notes.append(str(Message("guess.loss", loss=loss)))
    return tuple(notes)


def completed(candidate: Candidate) -> Candidate:
    """A declared candidate with the weights that it holds; as it is where there are none."""
    assert candidate.declare is not None, "asked of what may be completed"
    candidate.face.start_clock(1.0)
    result = candidate.face.run([Guess()])[0]
    if candidate.face.over:
        candidate.face.revive()  # judged as it was declared
    if isinstance(result, Raised) or not result.notes:
        return candidate
    try:
        found = candidate.declare(result.notes)
    except DeclarationError:
        return candidate  # sent by something else than our own search
    if not isinstance(found, Candidate):
        return candidate
    weights = tuple(v.name for v in found.contract.parameters)
    words = (Message("declared.held", names=weights),) if weights else ()
    notes = (*candidate.notes, *map(str, words))
    return replace(found, notes=notes, declared=candidate.contract.declaration)


MAY_LACK = frozenset({"AttributeError", "KeyError", "TypeError"})
"""Raised where something lacks that may be there where a layer is used, as an optimiser."""


def may_lack_something(judgements: Sequence[Judgement]) -> bool:
    """Whether backward raises because it may need more than a guess has given."""
    raised = backward_raised(judgements)
    return raised is not None and raised.error in MAY_LACK


def backward_raised(judgements: Sequence[Judgement]) -> Raised | None:
    """What its own backward raises; None if it runs, or cannot be judged."""
    judged = (j for j in judgements if j.claim.name == BACKWARD_RUNS and j.fails)
    evidence = next((j.finding.evidence for j in judged), None)
    raised = evidence.raised if evidence is not None else None
    return raised if raised is not None and raised.error and not raised.ended else None


def undecided(candidate: Candidate, judgements: Sequence[Judgement]) -> Message:
    """What differs on guessed inputs, and what would decide."""
    raised = backward_raised(judgements)
    if raised is not None:
        words, line = raised.sentence, candidate.contract.declaration
        return Message("guess.raises", raised=words, declaration=line)
    failing = [j.claim.about or j.claim.words for j in judgements if j.fails]
    return Message(
        "guess.differs",
        names=tuple(dict.fromkeys(failing)),
        declaration=candidate.contract.declaration,
    )
