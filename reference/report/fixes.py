"""The fix, before → after in the learner's own text; or the suspected lines."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from rich.text import Text

from trigrad.hints import Hints
from trigrad.messages import Message
from trigrad.repair.line_changes import LineChange, line_changes
from trigrad.repair.result import Change
from trigrad.report.locations import beside, lines_in_words, seen_from
from trigrad.subject.face import Where
from trigrad.subject.source.text import one_line
from trigrad.verdict.results import LayerReport

WIDTH = 92
"""Longest line that is shown as before → after; longer ones are shown below each other."""


def repair_lines(layer: LayerReport, hints: Hints) -> Iterator[Text]:
    """The fix of a layer, or its lines, as far as the hints reveal it."""
    repair = layer.repair
    if repair is None or not hints.names_lines:
        return
    if not repair.verified:
        yield from _suspects(layer, repair.suspects)
    elif hints.shows_fix:
        verified = Message("repair.verified_but" if repair.drawbacks else "repair.verified")
        yield Text(f"    {verified}", style="bold")
        for row in _fix(layer, repair.changes):
            yield Text(f"      {row}", style="green")
        for drawback in repair.drawbacks:
            effect = Message("repair.side_effect", drawback=drawback)
            yield Text(f"      {effect}", style="yellow")
    else:
        yield Text(f"    {_mistaken(layer, repair.changes)}", style="bold")
    if repair.overdue:
        yield Text(f"    {Message('repair.overdue')}", style="yellow")


def _fix(layer: LayerReport, changes: Sequence[Change]) -> Iterator[str]:
    labels = [_label(_at(c, n), layer) for c in changes for p in line_changes(c) for n in _ends(p)]
    width = max(map(len, labels), default=0)
    for change in changes:
        for piece in map(_dedented, line_changes(change)):
            head = [f"{_label(_at(change, n), layer):>{width}}" for n in range(*_rows(piece))]
            yield from _rows_of(piece, head)


def _rows(piece: LineChange) -> tuple[int, int]:
    return piece.line, piece.line + max(len(piece.before), len(piece.after))


def _ends(piece: LineChange) -> tuple[int, int]:
    first, end = _rows(piece)
    return first, end - 1


def _rows_of(piece: LineChange, head: Sequence[str]) -> Iterator[str]:
    before, after = piece.before, piece.after
    if len(before) == len(after) == 1:
        row = f"{head[0]}   {before[0]}   →   {after[0]}"
        if before[0].strip() == after[0].strip():
            less = len(after[0]) < len(before[0])
            key = "repair.less_indented" if less else "repair.more_indented"
            row = str(Message(key, label=head[0], line=after[0].strip()))
        if len(row) + 6 <= WIDTH:
            yield row
            return
    if not before:
        yield str(
            Message("repair.new", label=head[0], line=after[0], number=piece.line, count=len(after))
        )
        yield from (f"{label} + {line}" for label, line in zip(head[1:], after[1:], strict=False))
        return
    for label, line in zip(head, before, strict=False):
        removed = Message("repair.removed", label=label, line=line)
        yield f"{label} - {line}" if after else str(removed)
    yield from (f"{label} + {line}" for label, line in zip(head, after, strict=False))


def _at(change: Change, line: int) -> Where:
    return Where(change.where.file, change.where.cell, line)


def _label(where: Where, layer: LayerReport) -> str:
    """The number of a line, with its cell or file if that is another than the layer's."""
    return str(where.line) if beside(where, layer) else seen_from(where, layer)


def _dedented(piece: LineChange) -> LineChange:
    """Without the indentation that all lines have, and without control characters."""
    rows = textwrap.dedent("\n".join([*piece.before, *piece.after])).split("\n")
    rows = [one_line(row) for row in rows]
    count = len(piece.before)
    return LineChange(piece.line, tuple(rows[:count]), tuple(rows[count:]))


def _mistaken(layer: LayerReport, changes: Sequence[Change]) -> str:
    """`the mistake is in lines 14-15`; `a line is missing before line 9`."""
    wrong: list[Where] = []
    gaps: list[Where] = []
    for change in changes:
        for piece in line_changes(change):
            places = wrong if piece.before else gaps
            places.extend(_at(change, number) for number in piece.numbers)
    mistake = Message("repair.mistake", places=_together(layer, wrong)) if wrong else None
    gap = Message("repair.gap", places=_together(layer, gaps)) if gaps else None
    if mistake and gap:
        return str(Message("repair.mistake_and_gap", mistake=mistake, gap=gap))
    return str(mistake or gap or "")


def _together(layer: LayerReport, places: Sequence[Where]) -> str:
    here = [where.line for where in places if beside(where, layer)]
    there = [seen_from(where, layer) for where in places if not beside(where, layer)]
    parts = [lines_in_words(here)] if here else []
    return str(Message("names", names=tuple(dict.fromkeys([*parts, *there]))))


def _suspects(layer: LayerReport, suspects: Sequence[Where]) -> Iterator[Text]:
    places = list(dict.fromkeys(suspects))
    apart = layer.diagnosis.apart if layer.diagnosis else None
    if not places or (apart is not None and apart.faults):  # which name the place themselves
        yield Text(f"    {Message('repair.none')}")
        return
    place = seen_from(places[0], layer)
    yield Text(f"    {Message('repair.suspected', place=place, count=len(places))}")
    labels = [_label(where, layer) for where in places]
    width = max(len(label) for label in labels)
    for label, where in zip(labels, places, strict=True):
        yield Text(f"      {label:>{width}}   {one_line(where.text.strip())}".rstrip())
