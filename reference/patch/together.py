"""The fixes of several layers in one text: each is verified, and that says nothing of all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from trigrad.repair.result import Change
from trigrad.subject.source.text import lines_of
from trigrad.subject.subject import Subject
from trigrad.verdict.judge import try_subject
from trigrad.verdict.results import Results, Verdict


def judged_with(subject: Subject, changes: Iterable[Change], seed: int) -> Results | None:
    """The report on a subject with changes made in its text; None where it has none to change."""
    if subject.reload is None:
        return None
    wanted: dict[tuple[str, int | None, int], list[Change]] = defaultdict(list)
    for change in dict.fromkeys(changes):
        wanted[change.path, change.where.cell, change.block].append(change)
    texts = {}
    for module in subject.modules:
        for chunk in module.chunks:
            there = wanted.get((module.key, chunk.cell, chunk.block))
            if there:
                texts[chunk.label] = _with(chunk.text, there)
    return try_subject(subject.reload(texts), seed=seed)


def _with(text: str, changes: list[Change]) -> str:
    lines = lines_of(text)
    for change in sorted(changes, key=lambda change: -change.where.line):
        start = change.where.line - 1
        count = len(change.before.split("\n")) if change.before else 0
        lines[start : start + count] = change.after.split("\n") if change.after else []
    return "\n".join(lines)


def failing(report: Results) -> list[str]:
    """The names of the layers that fail, or that a report could not settle."""
    wrong = (Verdict.FAIL, Verdict.INCONCLUSIVE)
    return [layer.name for layer in report.layers if layer.verdict in wrong]
