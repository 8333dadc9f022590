"""A trial: from a subject to the report on all its layers.

The one place that pytest, the command line and `check` all call.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from functools import partial

from trigrad.claim.claim import Finding, Outcome
from trigrad.contracts.registry import CONTRACTS
from trigrad.contracts.schema import Kind, Sign
from trigrad.defaults import EXAMPLES
from trigrad.messages import Message, joined
from trigrad.repair.repairer import Repairer
from trigrad.repair.result import Repair
from trigrad.subject.candidate import Candidate, Unjudged
from trigrad.subject.face import Where
from trigrad.subject.source.text import lines_of
from trigrad.subject.subject import Subject
from trigrad.trial.context_signs import signs_around, signs_of_layer
from trigrad.trial.judgement import Judgement
from trigrad.trial.plan import plan
from trigrad.trial.readings import settled
from trigrad.trial.weight_decay import apart_from_decay
from trigrad.verdict.confirmed import confirmed
from trigrad.verdict.drawing import At
from trigrad.verdict.engine_verdict import untried
from trigrad.verdict.kept import Kept, Key, key_of
from trigrad.verdict.layer_verdict import try_layer
from trigrad.verdict.mixed_axes import mixed_axes
from trigrad.verdict.results import LayerReport, Results, Verdict


def _blocked_network(candidate: Candidate, failed: Sequence[str]) -> LayerReport:
    names = tuple(failed)
    finding = Finding(Outcome.BLOCKED, Message("blocked", names=names))
    note = Message("blocked.network", names=names, count=len(names))
    return LayerReport(
        candidate.contract.name,
        candidate.name,
        candidate.contract.kind,
        Verdict.INCONCLUSIVE,
        candidate.where,
        (*candidate.notes, str(note)),
        tuple(Judgement(claim, finding) for claim in plan(candidate.contract)),
        lines=candidate.lines,
        derivative_of=candidate.derivative_of,
        declaration=candidate.contract.declaration,
    )


class SubjectTrial:
    """The trials of a subject's layers; each takes place once, when its result is first needed."""

    def __init__(
        self,
        subject: Subject,
        seed: int,
        examples: int,
        strict: frozenset[str] = frozenset(),
        repair_seconds: float = 0.0,
        samples: Sign | None = None,
        *,
        draw: At | None = None,
        kept: Kept | None = None,
    ) -> None:
        self._subject = subject
        self._draw = draw
        self._kept = kept
        drawn = None if draw is None else tuple(draw.items())
        self._options = (seed, examples, strict, repair_seconds, samples, drawn)
        self._signs_read: dict[Candidate, frozenset[Sign]] = {}
        """The signs around each layer that has asked for them."""
        self._others_asked = False
        """Whether the layer that is judged has asked how other layers do."""
        self._strict = strict
        self._seed = seed
        self._examples = examples
        self._samples = samples
        self._results: dict[Candidate, LayerReport | Unjudged] = {}
        self._judged = len(subject.candidates)
        """How many results there are when all layers are judged."""
        self._repairer = Repairer(
            subject, repair_seconds, seed, strict, self._passing, self._repaired
        )
        self._asked: set[Candidate] = set()
        """What is being judged."""

    def result(self, candidate: Candidate) -> LayerReport | Unjudged:
        """The verdict on one candidate.

        A network that uses a layer of the same subject that fails is blocked.
        """
        if candidate not in self._results:
            self._asked.add(candidate)
            self._results[candidate] = self._judge(candidate)
            self._asked.remove(candidate)
            if len(self._results) == self._judged:
                self.close()
        return self._results[candidate]

    def close(self) -> None:
        """End what runs the layers; a layer whose result is asked for later is started again."""
        # How a layer is read, and whether a change keeps the others, may run other layers again.
        for candidate in self._subject.candidates:
            if not candidate.unimplemented:
                candidate.face.close()

    def _judge(self, candidate: Candidate) -> LayerReport | Unjudged:
        if candidate.contract.kind is Kind.NETWORK or candidate.derivative_of:
            own = [self.result(c) for c in self._layers_of(candidate)]
            broken = [
                r.name for r in own if isinstance(r, LayerReport) and r.verdict is Verdict.FAIL
            ]
            if broken:
                return _blocked_network(candidate, broken)
        if self._kept is None:
            return self._tried(candidate, self._repairer)
        key = self._key(candidate)
        known = self._kept.result(key, candidate, self._signs(candidate))
        if known is None:
            self._others_asked = False
            known = self._tried(candidate, self._repairer)
            signs = self._signs_read.get(candidate)
            self._kept.keep(key, known, signs, whole=self._others_asked)
        return known

    def _key(self, candidate: Candidate) -> Key | None:
        return key_of(candidate, self._subject, self._options)

    def _tried(self, candidate: Candidate, repairer: Repairer | None) -> LayerReport | Unjudged:
        signs = self._signs(candidate)
        given = self._seed, self._examples, self._strict
        draw = (
            self._draw if repairer is not None else None
        )  # else it is only asked whether it passes
        found = try_layer(candidate, *given, repairer, signs, draw=draw)
        if draw is not None and isinstance(found, LayerReport):
            return replace(found, text=self._text_of(candidate))
        return found

    def _text_of(self, candidate: Candidate) -> tuple[str, ...]:
        """The lines of a definition."""
        chunks = [chunk for module in self._subject.modules for chunk in module.chunks]
        chunk = next((each for each in chunks if each.label == candidate.label), None)
        if chunk is None or "" not in candidate.lines:
            return ()
        first, last = candidate.lines[""]
        return tuple(lines_of(chunk.text)[first - 1 : last])

    def _signs(self, candidate: Candidate) -> Callable[[], Collection[Sign]]:
        return partial(self._read_signs, candidate)

    def _read_signs(self, candidate: Candidate) -> frozenset[Sign]:
        found = signs_around(candidate, self._subject, self._samples, self._signs_of)
        self._signs_read[candidate] = found
        return found

    def _signs_of(self, layer: Candidate) -> tuple[Sign, ...]:
        find = partial(signs_of_layer, layer)
        return find() if self._kept is None else self._kept.signs(self._key(layer), find)

    def _passing(self, candidate: Candidate) -> Candidate | None:
        """A layer as it is read, if it passes; no repair is searched."""
        self._others_asked = True
        known = self._results.get(candidate)
        if known is None and not candidate.unimplemented:
            known = self._tried(candidate, None)
        if not isinstance(known, LayerReport) or known.verdict is not Verdict.PASS:
            return None
        return apart_from_decay(settled(candidate, self._signs(candidate))).candidate

    def _repaired(self, candidate: Candidate) -> Repair | None:
        """The repair of a layer that another one uses; None if that one waits for this one."""
        if candidate in self._asked:
            return None
        found = self.result(candidate)
        self._others_asked = True
        return found.repair if isinstance(found, LayerReport) else None

    def _layers_of(self, network: Candidate) -> list[Candidate]:
        """The layers that a network's text names: in its own file, else the only one of a name.

        Of a derivative, its function.
        """
        of = network.derivative_of
        named = [
            c
            for c in self._subject.within_reach_of(network)
            if (c.name == of if of else c.contract.kind is Kind.LAYER and c.name in network.uses)
        ]
        beside = [c for c in named if file_of(c) == file_of(network)]
        there = {c.name for c in beside}
        names = [c.name for c in named]
        return beside + [c for c in named if c.name not in there and names.count(c.name) == 1]


def file_of(candidate: Candidate) -> str:
    """The file that a layer is in, as messages name it; empty where its text is not known."""
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
    samples: Sign | None = None,
    known: bool = False,
    draw: At | None = None,
    tell: Callable[[Sequence[LayerReport]], None] | None = None,
    kept: Kept | None = None,
) -> Results:
    """The trials of all layers of a subject, or of the one named.

    `layer` is a contract's name or a name in the subject's text. `required` are names of contracts
    that must be there, `strict` those of should-claims that count as must-claims. `repair_seconds`
    is the time limit of the search for each failing layer's repair. `samples` says which axis of
    the operands has the samples, where the subject does not show it. With `known`, what has no
    name of a contract is not listed. With `draw`, forwards are followed for pictures. `tell` is
    given what is judged so far, after each layer. `kept` are verdicts of earlier calls.
    """
    began = time.perf_counter()
    if kept is not None:
        kept.begin()
    given = subject, seed, examples, strict, repair_seconds, samples
    trial = SubjectTrial(*given, draw=draw, kept=kept)
    cell = subject.only_cell
    chosen = [
        c
        for c in subject.candidates
        if (layer is None or _named(layer, c.name, c.contract.name))
        and (cell is None or _in_cell(cell, c.where))
    ]
    results: list[LayerReport | Unjudged] = []
    try:
        for candidate in chosen:
            results.append(trial.result(candidate))
            if tell is not None:
                tell([each for each in results if isinstance(each, LayerReport)])
    finally:
        trial.close()
    layers = confirmed((r for r in results if isinstance(r, LayerReport)), required)
    unjudged = [
        u
        for u in subject.unjudged
        if (layer is None or _named(layer, u.name, u.layer))
        and (cell is None or _in_cell(cell, u.where))
    ]
    unjudged += [r for r in results if isinstance(r, Unjudged)]
    unjudged += [each for report in layers for each in untried(report)]
    if known:
        unjudged = [u for u in unjudged if u.layer or u.whole]
    present = {report.layer for report in layers if not report.derivative_of}
    if layer is not None:  # other layers are there, though they were not asked for
        present |= {c.contract.name for c in subject.candidates}
    kinds = {c.name: c.kind for c in CONTRACTS}
    missing = [
        LayerReport(name, name, kinds.get(name, Kind.LAYER), Verdict.MISSING)
        for name in dict.fromkeys(required)
        if name not in present
    ]
    names = {report.layer for report in missing}
    at_odds = mixed_axes(layers)
    return Results(
        path=subject.path,
        single=subject.single,
        sha256=subject.sha256,
        seed=seed,
        examples=examples,
        layers=(*layers, *missing),
        notes=(*subject.notes, *at_odds),
        at_odds=at_odds,
        unjudged=tuple(unjudged),
        required=tuple(name for name in required if name in names),
        seconds=time.perf_counter() - began,
        error=_nothing(subject, layer, unjudged) if not layers else None,
    )


def _in_cell(cell: int, where: Where | None) -> bool:
    return where is not None and where.cell == cell


def _named(layer: str, *names: str) -> bool:
    every = [each.lower() for name in names for each in (name, *name.split("/"))]
    return layer.lower() in every


def _nothing(subject: Subject, layer: str | None, unjudged: Sequence[Unjudged]) -> str | None:
    """Why there is nothing to judge, in one line; None if there is, and it cannot be judged."""
    if any(u.counts and not u.whole for u in unjudged):
        return None
    if layer is not None and subject.candidates and not unjudged:
        names = ", ".join(dict.fromkeys(c.name for c in subject.candidates))
        return str(Message("nothing.named", path=subject.path, layer=layer, names=names))
    if unjudged:
        each = (str(Message("told.not_judged", name=u.name, why=u.why)) for u in unjudged)
        reasons = joined("list.sentences", each)
        return str(Message("nothing.judged", path=subject.path, reasons=reasons))
    if layer is not None and subject.unjudged:
        names = ", ".join(dict.fromkeys(u.name for u in subject.unjudged))
        return str(Message("nothing.named", path=subject.path, layer=layer, names=names))
    return str(Message("nothing.found", path=subject.path))
