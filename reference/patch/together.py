"""The fixes of several layers applied together: each is verified alone, which is not enough."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from trigrad.contracts.schema import Sign
from trigrad.patch.choosing import file_and_name
from trigrad.repair.line_changes import text_with
from trigrad.repair.result import Change
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
                texts[chunk.label] = text_with(chunk.text, there)
    return try_subject(subject.reload(texts), seed=seed, samples=samples)


def failing(report: Results) -> set[tuple[str, str]]:
    """File and name of the layers that fail, or that are undecided."""
    wrong = (Verdict.FAIL, Verdict.INCONCLUSIVE)
    return {file_and_name(layer) for layer in report.layers if layer.verdict in wrong}
