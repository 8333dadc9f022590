"""What a report says about single lines of a file, for editors and code hosts."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from trigrad.messages import Message, joined
from trigrad.report import words
from trigrad.report.as_text import layer_lines
from trigrad.report.failures import failures
from trigrad.report.fixes import repair_lines
from trigrad.report.locations import first_line, suggestion_at
from trigrad.report.withholding import withheld
from trigrad.subject.face import Where
from trigrad.verdict.results import LayerReport, Results, Verdict


class Level(StrEnum):
    """How much an annotation matters."""

    ERROR = "error"
    """A layer fails, or what is required is missing: the exit status is 1 or 2."""
    WARNING = "warning"
    """Undecided, not written yet, or not judged: the exit status is 3."""
    NOTICE = "notice"
    """A suggestion."""


@dataclass(frozen=True)
class Annotation:
    """One sentence about a place in a file, with what explains it."""

    level: Level
    path: str
    """The file, from where the command was given; what was judged, where no file is known."""
    where: Where | None
    name: str
    """What it is about: the layer's name; "" if it is about the whole."""
    sentence: str
    notes: tuple[str, ...] = ()
    """What follows from it, a sentence each: the diagnosis, the fix."""
    screen: tuple[str, ...] = ()
    """All that the report says of it, in the lines of the screen."""


def annotated(report: Results) -> Iterator[Annotation]:
    """What a report says, as far as its hints reveal it; nothing of what holds."""
    if report.error is not None:
        yield Annotation(Level.ERROR, report.path, None, "", report.error)
        return
    for layer in report.layers:
        if layer.verdict is not Verdict.MISSING:  # said below, of each name that is required
            yield from _of_layer(report, withheld(layer, report.hints))
    for name in report.required:
        why = words.why_missing(report, name)
        yield Annotation(Level.ERROR, report.path, None, name, str(why))
    for each in report.unjudged:
        name = "" if each.whole else each.name
        why_not = each.why if each.whole else str(Message("not_judged", why=each.why))
        notes = (each.todo,) if each.todo else ()
        level = Level.WARNING if each.counts else Level.NOTICE
        path = _path(report, each.where)
        yield Annotation(level, path, each.where, name, why_not, notes, (why_not, *notes))


def _of_layer(report: Results, layer: LayerReport) -> Iterator[Annotation]:
    at = first_line(layer)
    path = _path(report, at)
    title, *rest = [line.plain for line in layer_lines(layer, report.hints)]
    said = tuple(line.removeprefix("    ") for line in rest)
    if layer.verdict is Verdict.FAIL:
        sentence = next(failures(layer)).plain.strip()
        notes = tuple(_notes(report, layer))
        yield Annotation(Level.ERROR, path, at, layer.name, sentence, notes, said)
    elif layer.verdict is Verdict.INCONCLUSIVE:
        why = joined("list.sentences", words.unsettled(layer)) or title
        yield Annotation(Level.WARNING, path, at, layer.name, why, screen=said)
    elif layer.verdict is Verdict.UNIMPLEMENTED:
        yield Annotation(Level.WARNING, path, at, layer.name, joined("list.sentences", said))
    for judgement in layer.advice:
        there = suggestion_at(layer, judgement) or layer.where
        sentence = str(words.suggestion(layer, judgement))
        yield Annotation(Level.NOTICE, _path(report, there), there, layer.name, sentence)


def _notes(report: Results, layer: LayerReport) -> Iterator[str]:
    """The diagnosis, a sentence a line, and the fix in one."""
    if layer.diagnosis is not None:
        yield from map(str, layer.diagnosis.lines)
    fix = [" ".join(line.plain.split()) for line in repair_lines(layer, report.hints)]
    if fix:
        head, *rows = fix
        yield " ".join([head, "; ".join(rows)]).rstrip()


def _path(report: Results, where: Where | None) -> str:
    """The file of a place, beside what was judged or in it; that itself if there is no file."""
    if where is None:
        return report.path
    folder = report.path if os.path.isdir(report.path) else os.path.dirname(report.path)
    inside = os.path.normpath(os.path.join(folder, where.file))
    return inside if os.path.isfile(inside) else report.path
