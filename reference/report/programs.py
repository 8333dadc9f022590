"""The programs that show what is wrong in an engine, and the cases of an optimiser."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.text import Text

from trigrad.catalogue.columns import wrapped
from trigrad.claim.evidence import Evidence
from trigrad.contracts.schema import Kind
from trigrad.messages import Message, joined
from trigrad.report.labels import labelled
from trigrad.report.locations import lines_in_words, place
from trigrad.trial.judgement import Judgement
from trigrad.verdict.results import LayerReport

SHOWN = 4
"""Of so many mistakes the programs are shown; the others are named."""

WIDTH = 92


def program_failures(layer: LayerReport) -> Iterator[Text]:
    """Each operation that is wrong, with the smallest program that shows it."""
    groups: dict[int, list[Judgement]] = {}
    for judgement in layer.failures:
        groups.setdefault(id(judgement.finding.evidence), []).append(judgement)
    ordered = sorted(groups.values(), key=lambda group: len(_evidence(group).program))
    for group in ordered[:SHOWN]:
        yield from program_failure(layer, group)
    more = tuple(str(g[0].finding.words) for g in ordered[SHOWN:])
    if more:
        words = str(Message("engine.also", wrong=more))
        for line in wrapped(words, WIDTH):
            yield Text(f"    {line}")


def _evidence(group: Sequence[Judgement]) -> Evidence:
    evidence = group[0].finding.evidence
    assert evidence is not None, "a refutation comes with its evidence"
    return evidence


def program_failure(layer: LayerReport, group: list[Judgement]) -> Iterator[Text]:
    """One mistake: the program, what is and what should be, and whose it is."""
    evidence = _evidence(group)
    yield Text(f"    {group[0].finding.message}", style="bold")
    yield from program_lines(
        evidence, "label.program" if layer.kind is Kind.ENGINE else "label.case"
    )
    if evidence.raised is not None and evidence.raised.where is not None:
        where = evidence.raised.where
        yield Text(labelled("label.at", f"{place(where)}:  {where.text}"))
    for hint in evidence.raised.hints if evidence.raised is not None else ():
        yield Text(labelled("label.hint", str(hint)))
    tail = str(evidence.remark or "")
    if evidence.is_ is not None:
        yield Text(labelled("label.is", str(evidence.is_)), style="red")
    if evidence.should_be is not None:
        after = f"         {tail}" if tail else ""
        yield Text(labelled("label.should_be", f"{evidence.should_be}{after}"), style="green")
    at = [
        str(Message("place.method", method=name, lines=lines_in_words(range(*_span(layer, name)))))
        for name in _methods(layer, group)
    ]
    if at:
        yield Text(labelled("label.in", joined("list.sentences", at)))


def program_lines(evidence: Evidence, label: str = "label.program") -> Iterator[Text]:
    """The lines of a program, or of the case of an optimiser; `label` by its key."""
    for number, line in enumerate(evidence.program):
        yield Text(labelled("" if number else label, line))


def _span(layer: LayerReport, name: str) -> tuple[int, int]:
    first, last = layer.lines[name]
    return first, last + 1


def _methods(layer: LayerReport, group: Sequence[Judgement]) -> list[str]:
    return [name for name in _evidence(group).methods if name in layer.lines]
