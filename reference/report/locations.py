"""Places in a learner's text, in words: `cell 2, lines 14-15`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from trigrad.claim.quantity import OUTPUT
from trigrad.messages import Message
from trigrad.repair.line_changes import line_changes
from trigrad.subject.face import Where
from trigrad.trial.judgement import Judgement
from trigrad.verdict.results import LayerReport


def place(where: Where) -> str:
    """`cell 2, line 14`, or `layers.py, line 14`."""
    return _in_words(lines_in_words([where.line]), "" if where.cell else where.file, where.cell)


def _in_words(lines: str, file: str, cell: int | None) -> str:
    """Lines with their file and their cell, where these are to be named."""
    if file and cell:
        return str(Message("place.in_file_and_cell", file=file, cell=cell, lines=lines))
    if cell:
        return str(Message("place.in_cell", cell=cell, lines=lines))
    return str(Message("place.in_file", file=file, lines=lines)) if file else lines


def beside(where: Where, layer: LayerReport) -> bool:
    """Whether a place is in the cell or file in which the layer is."""
    there = layer.where
    return there is not None and (where.file, where.cell) == (there.file, there.cell)


def seen_from(where: Where, layer: LayerReport) -> str:
    """A place, seen from a layer's own: `line 14`, `cell 3, line 7`, `b.py, line 2`."""
    lines = lines_in_words([where.line])
    if beside(where, layer):
        return lines
    same_file = layer.where is not None and where.file == layer.where.file
    return _in_words(lines, "" if same_file else where.file, where.cell)


def lines_in_words(numbers: Iterable[int]) -> str:
    """`line 14`, `lines 14-15`, `lines 14-15, 18`: each once, in order."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    parts = [str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs]
    count = sum(map(len, runs))
    return str(Message("place.lines", numbers=", ".join(parts), count=count))


def span(layer: LayerReport) -> str:
    """The lines that a repair changes; otherwise those of the wrong method, or of the layer."""
    if layer.where is None:
        return ""
    lines = lines_in_words(wrong_lines(layer) or _method(layer))
    return _in_words(lines, "" if layer.where.cell else layer.where.file, layer.where.cell)


def first_line(layer: LayerReport) -> Where | None:
    """The first of the lines that `span` names."""
    if layer.where is None:
        return None
    return replace(layer.where, line=min(wrong_lines(layer) or _method(layer)))


def wrong_lines(layer: LayerReport) -> list[int]:
    """The lines that the repair changes, if all of them are in the layer's file and cell."""
    changes = layer.repair.changes if layer.repair is not None else ()
    if not all(beside(change.where, layer) for change in changes):
        return []
    return [
        number for change in changes for piece in line_changes(change) for number in piece.numbers
    ]


def _method(layer: LayerReport) -> list[int]:
    assert layer.where is not None, "asked for only where there is a place"
    if any(name in layer.lines for name in layer.wrong_methods):
        spans = [layer.lines[name] for name in layer.wrong_methods if name in layer.lines]
        return [line for first, last in spans for line in range(first, last + 1)]
    by_value = [j for j in layer.failures if j.claim.about]
    sides = {_side(layer, j) for j in by_value or layer.failures} - {""}
    method = sides.pop() if len(sides) == 1 else ""
    first, last = layer.lines.get(method) or layer.lines.get("", (layer.where.line,) * 2)
    return list(range(first, last + 1))


def _side(layer: LayerReport, judgement: Judgement) -> str:
    """Which method a refuted claim is about: forward, backward, or neither.

    A method of another name is found by comparing line ranges.
    """
    evidence = judgement.finding.evidence
    if evidence is not None and evidence.raised is not None:
        call = evidence.raised.call
        lines = layer.lines.get(call)
        alike = [s for s in ("forward", "backward") if lines and layer.lines.get(s) == lines]
        return call if call in ("forward", "backward") else next(iter(alike), "")
    if judgement.claim.about is None:
        return ""
    return "forward" if judgement.claim.about == OUTPUT else "backward"


def suggestion_at(layer: LayerReport, judgement: Judgement) -> Where | None:
    """The first line of what a suggestion is about, where its line or method is known."""
    raised = judgement.finding.evidence.raised if judgement.finding.evidence else None
    if raised is not None and raised.where is not None:
        return raised.where
    lines = layer.lines.get(judgement.claim.method)
    if judgement.claim.method and lines and layer.where:
        return replace(layer.where, line=lines[0])
    return None


def suggestion_place(layer: LayerReport, judgement: Judgement) -> str:
    """`cell 3, line 16`, for a suggestion whose line or method is known; otherwise empty."""
    at = suggestion_at(layer, judgement)
    if at is None:
        return ""
    raised = judgement.finding.evidence.raised if judgement.finding.evidence else None
    if raised is not None and at is raised.where:
        return place(at)
    first, last = layer.lines[judgement.claim.method]
    return _in_words(lines_in_words(range(first, last + 1)), "", at.cell)


def with_place(words: str | Message, place: str) -> str:
    """The words with a place, or another remark, in brackets behind them, unless it is empty."""
    return str(Message("place.beside", words=words, place=place) if place else words)
