"""One mutant: judged, and repaired if it is refuted."""

from __future__ import annotations

import difflib
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from mutant_equivalence import canonical
from mutant_harm import harm

from trigrad.claim.claim import Outcome as Fate
from trigrad.defaults import EXAMPLES, REPAIR_SECONDS
from trigrad.repair.confirming import loaded_again
from trigrad.repair.draft import Draft, Option
from trigrad.repair.editable_text import definitions_in
from trigrad.repair.repairer import Repairer
from trigrad.repair.result import Change, Repair
from trigrad.subject.candidate import Candidate, Unjudged
from trigrad.subject.inprocess import reproducible
from trigrad.subject.subject import Subject
from trigrad.trial import layer_trial
from trigrad.trial.context_signs import signs_around
from trigrad.trial.guessing import guessed
from trigrad.trial.identifying import identified
from trigrad.trial.judgement import Judgement
from trigrad.trial.observing import observed
from trigrad.trial.readings import settled
from trigrad.trial.weight_decay import apart_from_decay
from trigrad.verdict.layer_verdict import as_known, try_layer, with_settings
from trigrad.verdict.results import LayerReport, Verdict

ROOT = Path(__file__).parents[2]


NOT_JUDGED = "not judged"
"""Stands for the witnesses where none could say anything."""


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
    """How long the repair was looked for."""
    whole: float = 0.0
    """How long all took: to read, to judge, to repair."""
    noted: tuple[str, ...] = ()
    """Notes on the mutant that are not on the original."""

    @property
    def seen(self) -> bool:
        """Whether it fails nothing, and the report still says something of it."""
        return not self.refuted_by and bool(self.advice or self.refused)

    @property
    def not_judged(self) -> bool:
        """Whether the report only says that it could not be judged, and why."""
        return self.refuted_by == (NOT_JUDGED,)

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
    notes: frozenset[str] = frozenset()
    """What is said of it."""
    repairs: bool = True
    """Whether repairs of its mutants are looked for."""


def as_read(candidate: Candidate, subject: Subject) -> Candidate:
    """The candidate in the convention that it follows; what is guessed with its known function."""
    signs = partial(signs_around, candidate, subject)
    read = apart_from_decay(settled(candidate, signs)).candidate
    if read.declare is None:
        return read
    found = guessed(read)
    seen = observed(found) if isinstance(found, Candidate) else found
    if not isinstance(seen, Candidate):
        return read
    known = identified(seen)
    return seen if known is None else as_known(with_settings(known), signs).candidate


def verdict_on(
    candidate: Candidate, subject: Subject, *, repairs: bool = False
) -> LayerReport | Unjudged:
    """What a user is told of a layer, without a search for smaller cases."""
    repairer = Repairer(subject, REPAIR_SECONDS if repairs else 0.0, 0)
    signs = partial(signs_around, candidate, subject)
    with without_smaller_cases():
        return try_layer(candidate, 0, EXAMPLES, repairer=repairer, signs=signs)


@contextmanager
def without_smaller_cases() -> Iterator[None]:
    """What is refuted does not depend on how small the evidence gets."""
    before, layer_trial.SHRINK_SECONDS = layer_trial.SHRINK_SECONDS, 0.0
    try:
        yield
    finally:
        layer_trial.SHRINK_SECONDS = before


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
        return Outcome(**known, refuted_by=(NOT_JUDGED,))
    began = time.perf_counter()
    report = verdict_on(same[0], again, repairs=right.repairs)
    whole = time.perf_counter() - began
    if isinstance(report, Unjudged):
        return Outcome(**known, refuted_by=(NOT_JUDGED,), whole=whole)
    refuting = {j.claim.witness.value for j in report.judgements if j.fails}
    if report.verdict is not Verdict.FAIL:
        advice = advised(report.judgements) - right.advised
        refused = right.handled - handled(report.judgements) - advice
        return Outcome(
            **known,
            undecided=report.verdict is Verdict.INCONCLUSIVE,
            advice=tuple(sorted(advice)),
            refused=tuple(sorted(refused)),
            noted=tuple(sorted(set(report.notes) - right.notes)),
            whole=whole,
        )
    found = Outcome(**known, refuted_by=tuple(sorted(refuting)), whole=whole)
    repair = report.repair
    if repair is None:
        return found
    found = replace(found, seconds=repair.seconds)
    if repair.verified:
        found = replace(found, harm=_harm(right, mutated, repair))
    return with_repair(found, repair, right.draft, mutated)


def _harm(right: Right, mutated: Draft, repair: Repair) -> tuple[str, ...]:
    """What a repair spoils that is right in the mutant."""
    texts = {}
    for unit in mutated.units:
        chunk = unit.chunk
        place = chunk.file, chunk.cell, chunk.block
        own = [c for c in repair.changes if (c.where.file, c.where.cell, c.block) == place]
        texts[chunk.label] = with_changes(mutated.text_of(unit), own)
    mended = replace(mutated, texts=texts)
    with reproducible():
        faces = [loaded_again(right.subject, right.candidate, each) for each in (mutated, mended)]
        before, after = faces
        if before is None or after is None:
            return ()
        try:
            return harm(right.candidate.contract, before, after)
        finally:
            before.close()
            after.close()


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
