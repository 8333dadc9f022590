"""One mutant: judged, and repaired if it is refuted."""

from __future__ import annotations

import difflib
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from mutant_equivalence import canonical
from mutant_harm import harm

from trigrad.claim.claim import Outcome as Fate
from trigrad.claim.claim import Severity
from trigrad.defaults import EXAMPLES, REPAIR_SECONDS
from trigrad.repair.draft import Draft, Option
from trigrad.repair.editable_text import definitions_in
from trigrad.repair.repairer import Repairer
from trigrad.repair.result import Change, Repair
from trigrad.subject.candidate import Candidate
from trigrad.subject.inprocess import reproducible
from trigrad.subject.subject import Subject
from trigrad.trial.context_signs import signs_around
from trigrad.trial.judgement import Judgement
from trigrad.trial.layer_trial import LayerTrial
from trigrad.trial.readings import settled
from trigrad.trial.weight_decay import apart_from_decay

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Outcome:
    """What became of one mutant."""

    file: str
    layer: str
    """The subject's own spelling."""
    contract: str
    line: int
    kind: str
    before: str
    """The lines that the mutation changed, as they were."""
    after: str
    refuted_by: tuple[str, ...] = ()
    """Witnesses with a refuted must-claim."""
    undecided: bool = False
    """Whether a must-claim could not be settled: no survivor, but nothing is refuted."""
    advice: tuple[str, ...] = ()
    """Should-claims that are refuted of the mutant and not of the original."""
    refused: tuple[str, ...] = ()
    """Kinds of input ("labels") that the original handles and the mutant is said to refuse."""
    repaired: bool = False
    first: bool = False
    """Whether the repair is the original, or simplifies to it."""
    line_named: bool = False
    """Whether the planted line is among the repaired ones."""
    line_suspected: bool = False
    """Whether it is among those or, without a repair, among the suspects."""
    edits: int = 0
    offered: str = ""
    """The lines of the repair."""
    harm: tuple[str, ...] = ()
    """What the repair spoils: see mutant_harm.py."""
    tried: int = 0
    seconds: float = 0.0

    @property
    def seen(self) -> bool:
        """Whether it fails nothing, and the report still says something of it."""
        return not self.refuted_by and bool(self.advice or self.refused)

    @property
    def survives(self) -> bool:
        """Whether it is judged like the original."""
        return not self.refuted_by and not self.seen


@dataclass(frozen=True)
class Right:
    """A right layer, of which mutants are made."""

    path: Path
    subject: Subject
    candidate: Candidate
    draft: Draft
    """Its text."""
    advised: frozenset[str]
    """The should-claims that are refuted of it."""
    handled: frozenset[str]
    """The further kinds of input that it handles."""
    repairs: bool = True
    """Whether repairs of its mutants are looked for."""


def as_read(candidate: Candidate, subject: Subject) -> Candidate:
    """The candidate in the convention that it follows."""
    return apart_from_decay(settled(candidate, partial(signs_around, candidate, subject))).candidate


def judged(candidate: Candidate) -> tuple[LayerTrial, list[Judgement]]:
    """The trial of a layer, without a search for smaller cases."""
    trial = LayerTrial(candidate.contract, candidate.face, 0, EXAMPLES, smaller=False)
    return trial, trial.judge()


def advised(judgements: Iterable[Judgement]) -> frozenset[str]:
    """The should-claims that are refuted."""
    return frozenset(j.claim.name for j in judgements if j.advises)


def handled(judgements: Iterable[Judgement]) -> frozenset[str]:
    """The further kinds of input that are handled."""
    return frozenset(
        j.claim.name for j in judgements if j.claim.variant and j.finding.outcome is Fate.PASS
    )


def outcome(right: Right, option: Option) -> Outcome:
    """Judge one mutant, and look for its repair if it is refuted."""
    mutated = right.draft.with_options([option])
    changes = mutated.changes()
    known = {
        "file": right.path.relative_to(ROOT).as_posix(),
        "layer": right.candidate.name,
        "contract": right.candidate.contract.name,
        "line": changes[0].where.line,
        "kind": option.edit.kind,
        "before": "\n".join(c.before for c in changes),
        "after": "\n".join(c.after for c in changes),
    }
    assert right.subject.reload is not None, "it was opened from a path"
    again = right.subject.reload(mutated.texts)
    name, label = right.candidate.name, right.candidate.label
    same = [c for c in again.candidates if (c.name, c.label) == (name, label)]
    if len(same) != 1 or same[0].rebuild is None:  # it cannot be judged, and that is said
        return Outcome(**known, refuted_by=("not judged",))
    mutant = same[0]
    try:
        with reproducible():
            mutant = as_read(mutant, again)
            trial, judgements = judged(mutant)
            refuting = {j.claim.witness.value for j in judgements if j.fails}
            if not refuting:
                musts = [j for j in judgements if j.claim.severity is Severity.MUST]
                undecided = any(j.finding.outcome is Fate.INCONCLUSIVE for j in musts)
                advice = advised(judgements) - right.advised
                refused = right.handled - handled(judgements) - advice
                return Outcome(
                    **known,
                    undecided=undecided,
                    advice=tuple(sorted(advice)),
                    refused=tuple(sorted(refused)),
                )
            found = Outcome(**known, refuted_by=tuple(sorted(refuting)))
            if not right.repairs:
                return found
            repairer = Repairer(again, REPAIR_SECONDS, 0)
            began = time.perf_counter()
            repair = repairer.repair(mutant, trial.cases, judgements)
            seconds = time.perf_counter() - began
            if repair is not None and repair.verified:
                found = replace(found, harm=_harm(again, mutant, mutated, repair))
    finally:
        mutant.face.close()
    found = replace(found, seconds=seconds)
    return found if repair is None else with_repair(found, repair, right.draft, mutated)


def _harm(subject: Subject, mutant: Candidate, mutated: Draft, repair: Repair) -> tuple[str, ...]:
    """What a repair spoils that is right in the mutant."""
    texts = {}
    for unit in mutated.units:
        chunk = unit.chunk
        place = chunk.file, chunk.cell, chunk.block
        own = [c for c in repair.changes if (c.where.file, c.where.cell, c.block) == place]
        texts[chunk.label] = with_changes(mutated.text_of(unit), own)
    assert subject.reload is not None, "it was opened from a path"
    known = mutant.contract.name, mutant.name, mutant.label
    again = subject.reload(texts)
    (found,) = (c for c in again.candidates if (c.contract.name, c.name, c.label) == known)
    mended = as_read(found, again)
    try:
        return harm(mutant.contract, mutant.face, mended.face)
    finally:
        mended.face.close()


def with_repair(found: Outcome, repair: Repair, original: Draft, mutated: Draft) -> Outcome:
    """What became of a refuted mutant, its repair compared with the original."""
    (label,) = mutated.texts
    (unit,) = (unit for unit in mutated.changed() if unit.own)
    text = mutated.texts[label]
    planted = lines_changed(text, original.text_of(unit))
    suspected = {where.line for where in repair.suspects}
    found = replace(found, tried=repair.tried, line_suspected=bool(planted & suspected))
    if not repair.verified:
        return found
    own = [change for change in repair.changes if change.where.file == unit.chunk.file]
    own = [c for c in own if (c.where.cell, c.block) == (unit.chunk.cell, unit.chunk.block)]
    mended = with_changes(text, own)
    named = bool(planted & lines_changed(text, mended))
    right = canonical(definitions_in(unit.chunk.text)[unit.name])
    return replace(
        found,
        repaired=True,
        first=canonical(definitions_in(mended)[unit.name]) == right,
        line_named=named,
        line_suspected=named,
        edits=len(repair.changes),
        offered="\n".join(change.after for change in repair.changes),
    )


def lines_changed(text: str, other: str) -> set[int]:
    """The lines of a text that another has otherwise; those around where it has more."""
    matcher = difflib.SequenceMatcher(None, text.split("\n"), other.split("\n"), autojunk=False)
    lines: set[int] = set()
    for tag, start, end, _, _ in matcher.get_opcodes():
        if tag != "equal":
            lines |= set(range(start + 1, end + 1)) if end > start else {start, start + 1}
    return lines


def with_changes(text: str, changes: Iterable[Change]) -> str:
    """A text with changes of whole lines made."""
    lines = text.split("\n")
    for change in sorted(changes, key=lambda change: -change.where.line):
        start = change.where.line - 1
        before = change.before.split("\n") if change.before else []
        after = change.after.split("\n") if change.after else []
        assert lines[start : start + len(before)] == before, "the change is of this text"
        lines[start : start + len(before)] = after
    return "\n".join(lines)
