"""What the hints do not reveal is removed from the data before anything is shown."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import TypeVar

from trigrad.catalogue.catalogue import Catalogue
from trigrad.catalogue.in_force import in_force
from trigrad.hints import Hints
from trigrad.repair.line_changes import without_after
from trigrad.trial.judgement import Judgement
from trigrad.verdict.results import LayerReport, Results

R = TypeVar("R", bound=Results)


@cache
def _fixes(catalogue: Catalogue) -> re.Pattern[str]:
    """The parts of messages on a learner's errors that reveal the fix."""
    return re.compile(
        "|".join(
            (
                catalogue.pattern("fix.meant", name=r"[^;()]*"),
                catalogue.pattern("fix.python_2", instead=".*"),
                catalogue.pattern("fix.write", instead=".*"),
                r"[Uu]se `[^`]*` instead\.?",  # NumPy's own words on a name that it has removed
            )
        )
    )


def withheld(layer: LayerReport, hints: Hints) -> LayerReport:
    """The layer's report without anything that the hints do not reveal.

    With `line`, the lines of the repair stay with their present text, but not what they should be;
    and the side of the mistake, but not the mistake itself. With `law`, the only line that is named
    is that in which the layer is defined.
    """
    if hints.shows_fix:
        return layer
    judgements = tuple(_withheld(judgement, hints) for judgement in layer.judgements)
    if hints.names_lines:
        repair = layer.repair
        if repair is not None:
            changes = [narrow for change in repair.changes for narrow in without_after(change)]
            repair = replace(repair, changes=tuple(changes), drawbacks=())
        diagnosis = layer.diagnosis and replace(layer.diagnosis, mistakes=())
        return replace(layer, judgements=judgements, repair=repair, diagnosis=diagnosis)
    return replace(
        layer,
        judgements=judgements,
        lines={name: lines for name, lines in layer.lines.items() if not name},
        diagnosis=LayerReport.diagnosis,
        repair=None,
    )


def quiet(report: R) -> R:
    """The report without fixes in its notes and in its reasons why something is not judged."""
    if report.hints.shows_fix:
        return report
    unjudged = tuple(replace(each, why=without_fixes(each.why)) for each in report.unjudged)
    notes = tuple(map(without_fixes, report.notes))
    error = report.error and without_fixes(report.error)
    return replace(report, notes=notes, unjudged=unjudged, error=error)


def without_fixes(words: str) -> str:
    """A message without the parts that reveal how to mend what it is about."""
    return _fixes(in_force()).sub("", words)


def _withheld(judgement: Judgement, hints: Hints) -> Judgement:
    """The judgement without what an exception reveals: its line, its hints, the name meant."""
    finding = judgement.finding
    if finding.evidence is None or finding.evidence.raised is None:
        return judgement
    raised = finding.evidence.raised
    kept = replace(
        raised, message=without_fixes(raised.message), hints=tuple(map(without_fixes, raised.hints))
    )
    if not hints.names_lines:
        kept = replace(kept, where=None, hints=())
    words = finding.words and finding.words.having(raised=kept.sentence)
    evidence = replace(finding.evidence, raised=kept)
    return replace(judgement, finding=replace(finding, words=words, evidence=evidence))
