"""From a layer that fails to its repair: which text is edited, on which cases, by which claims."""

from __future__ import annotations

import ast
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from trigrad.cases.case import Case
from trigrad.claim.claim import Severity
from trigrad.repair.claims_again import base_of, ended, still_refuted
from trigrad.repair.confirming import Confirmer
from trigrad.repair.draft import Draft
from trigrad.repair.editable_text import Library, Unit, definitions_in
from trigrad.repair.effort import DECLARED, Effort
from trigrad.repair.harm import Original
from trigrad.repair.line_changes import text_with
from trigrad.repair.result import Change, Repair
from trigrad.repair.screening import Screen
from trigrad.repair.search import Search
from trigrad.subject.candidate import Candidate
from trigrad.subject.face import Face
from trigrad.subject.rebuilding import DefinitionText
from trigrad.subject.source.walking import walk
from trigrad.subject.subject import Subject
from trigrad.trial.judgement import Judgement

SCREENED = 3
"""The most drawn cases that edited layers are run on, beside those that refuted something."""

ON_TIME = 0.9
"""The share of the time limit after which nothing new is started, so that the limit is kept."""

ON_TIME_ALONE = 0.7
"""The same where layers run in this process: what is started cannot be stopped there."""


@dataclass
class Repairer:
    """Looks for repairs of a subject's layers."""

    subject: Subject
    seconds: float
    """The time limit for one layer; 0: no repair is looked for."""
    seed: int
    strict: frozenset[str] = frozenset()
    passing: Callable[[Candidate], Candidate | None] = field(default=lambda other: other)
    """Another layer of the subject, as it is read; None if it does not pass as it is."""
    repaired: Callable[[Candidate], Repair | None] = field(default=lambda _: None)
    """The repair of another layer of the subject, if one was found."""

    @cached_property
    def library(self) -> Library:
        """Every definition of the subject's text."""
        return Library(self.subject.modules)

    def repair(
        self,
        candidate: Candidate,
        cases: Sequence[Case],
        judgements: Sequence[Judgement],
        as_made: Candidate | None = None,
    ) -> Repair | None:
        """The repair of a layer that fails; None if its text is unknown, or if it hangs.

        `cases` are those that were drawn for it; `as_made` is the same layer with its default
        numbers, if it is judged with others.
        """
        usual = candidate.contract.notation.usual
        units = tuple(self.library.units_of(candidate.places, usual)) if candidate.rebuild else ()
        failing = [j for j in judgements if j.fails]
        if not units or not self.seconds or any(ended(j) for j in failing):
            return None
        assert candidate.rebuild is not None, "else there are no units"
        bases = list(dict.fromkeys(b for j in failing if (b := base_of(j)) is not None))
        largest = sorted(cases[:-1], key=lambda case: -case.entries)[: SCREENED - 1]
        screened = list(dict.fromkeys([cases[-1], *bases[:SCREENED], *largest]))
        others = [
            j.claim
            for j in judgements
            if j.claim.severity is Severity.MUST and j.claim.variant is None and not j.fails
        ]
        # Judging a helper is another layer's verdict: it does not use up this search's time.
        frozen = frozenset(
            u for u in units if not u.own and (u.steps_weights or self._is_frozen(u))
        )
        mended = self._with_mended_helpers(units, frozen)
        share = ON_TIME if self.subject.limited else ON_TIME_ALONE
        effort = Effort(time.monotonic() + share * self.seconds)
        if candidate.supposed or (
            candidate.contract.declaration and candidate.contract.twin is None
        ):
            effort.left = min(effort.left, DECLARED)
        before = Original(candidate.contract, candidate.face, judgements, self.seed)
        confirmer = Confirmer(
            *(self.subject, candidate, self.library, before, effort),
            *(self.seed, self.strict, self.passing, as_made),
        )
        rebuild = candidate.rebuild
        made: list[Face] = []

        def made_again(pieces: Sequence[DefinitionText]) -> Face:
            made[:] = [rebuild(pieces)]
            return made[0]

        search = Search(
            rebuild=made_again,
            screen=Screen(candidate.contract, screened),
            laws=lambda face: still_refuted(face, failing, others, cases[-1], effort),
            confirm=confirmer.confirm,
            effort=effort,
            limited=self.subject.limited,
            frozen=frozen,
            as_written=candidate.contract.twin is None,
        )
        try:
            return search.run(Draft(units), mended)
        finally:
            # A layer that could not be loaded has no worker of its own; these faces have one.
            for face in made:
                face.close()

    def numbers_in(self, candidate: Candidate) -> tuple[float, ...]:
        """The numbers that are written in its text, none twice, the smallest first."""
        units = self.library.units_of(candidate.places)
        nodes = [definitions_in(unit.chunk.text)[unit.name] for unit in units]
        found = (n.value for node in nodes for n in walk(node) if isinstance(n, ast.Constant))
        return tuple(sorted({float(c) for c in found if isinstance(c, int | float) and c > 0}))

    def _is_frozen(self, unit: Unit) -> bool:
        """Whether a unit is a layer or function that has a verdict of its own, and passes."""
        return any(self.passing(c) is not None for c in self._layers_at(unit))

    def _layers_at(self, unit: Unit) -> list[Candidate]:
        place = unit.chunk.label, unit.line
        return [c for c in self.subject.candidates if place in c.places]

    def _with_mended_helpers(self, units: tuple[Unit, ...], frozen: frozenset[Unit]) -> Draft:
        """The text in which what has a verdict and a repair of its own is repaired so.

        Two fixes of one line that are verified each for itself could not both be made.
        """
        changes: dict[str, set[Change]] = defaultdict(set)
        chunks = {(u.path, u.chunk.cell, u.chunk.block): u.chunk for u in units}
        for unit in units:
            for layer in self._layers_at(unit) if not unit.own and unit not in frozen else ():
                repair = self.repaired(layer)
                for change in repair.changes if repair is not None else ():
                    chunk = chunks.get((change.path, change.where.cell, change.block))
                    if chunk is not None:
                        changes[chunk.label].add(change)
        texts = {u.chunk.label: u.chunk.text for u in units}
        made = {label: text_with(texts[label], each) for label, each in changes.items()}
        return Draft(units, made, sum(map(len, changes.values())))
