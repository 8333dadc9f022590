"""The fixes of several layers applied together: each is verified alone, which is not enough."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from trigrad.contracts.schema import Sign
from trigrad.patch.choosing import file_and_name
from trigrad.repair.result import Change
from trigrad.subject.source.text import lines_of
from trigrad.subject.subject import Subject
from trigrad.verdict.judge import try_subject
from trigrad.verdict.results import Results, Verdict


def judged_with(
    subject: Subject, changes: Iterable[Change], seed: int, samples: Sign | None = None
) -> Results | None:
    """The report on a subject with these changes made; None if it has no text that can be changed.

    `samples` says which axis of the operands has the samples.

    Of a folder, only the files that the changes concern are judged.
    """
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
    return try_subject(subject.reload(texts), seed=seed, samples=samples)


def _with(text: str, changes: list[Change]) -> str:
    lines = lines_of(text)
    for change in sorted(changes, key=lambda change: -change.where.line):
        start = change.where.line - 1
        count = len(change.before.split("\n")) if change.before else 0
        lines[start : start + count] = change.after.split("\n") if change.after else []
    return "\n".join(lines)


def failing(report: Results) -> set[tuple[str, str]]:
    """File and name of the layers that fail, or that are undecided."""
    wrong = (Verdict.FAIL, Verdict.INCONCLUSIVE)
    return {file_and_name(layer) for layer in report.layers if layer.verdict in wrong}
