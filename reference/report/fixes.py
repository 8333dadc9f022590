"""The fix, before → after in the learner's own text; or the lines in which the mistake may be."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from rich.text import Text

from trigrad.hints import Hints
from trigrad.repair.line_changes import LineChange, line_changes
from trigrad.repair.result import Change
from trigrad.report.locations import beside, lines_in_words, seen_from
from trigrad.subject.face import Where
from trigrad.subject.source.text import one_line
from trigrad.verdict.results import LayerReport

WIDTH = 92
"""Up to this many characters a line is shown before → after; a longer one below each other."""


def repair_lines(layer: LayerReport, hints: Hints) -> Iterator[Text]:
    """What would mend a layer, as far as these hints give it away."""
    repair = layer.repair
    if repair is None or not hints.names_lines:
        return
    if not repair.verified:
        yield from _suspects(layer, repair.suspects)
    elif hints.shows_fix:
        yield Text("    fix, verified by all three witnesses:", style="bold")
        for row in _fix(layer, repair.changes):
            yield Text(f"      {row}", style="green")
        for drawback in repair.drawbacks:
            yield Text(f"      but then {drawback}", style="yellow")
    else:
        yield Text(f"    {_mistaken(layer, repair.changes)}", style="bold")


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
            row = f"{head[0]}   {after[0].strip()}   (indented {'less' if less else 'more'})"
        if len(row) + 6 <= WIDTH:
            yield row
            return
    if not before:
        are = "a new line" if len(after) == 1 else "new lines"
        yield f"{head[0]} + {after[0]}   ({are}, before what is line {piece.line} now)"
        yield from (f"{label} + {line}" for label, line in zip(head[1:], after[1:], strict=False))
        return
    gone = "" if after else "   (taken out)"
    yield from (f"{label} - {line}{gone}" for label, line in zip(head, before, strict=False))
    yield from (f"{label} + {line}" for label, line in zip(head, after, strict=False))


def _at(change: Change, line: int) -> Where:
    return Where(change.where.file, change.where.cell, line)


def _label(where: Where, layer: LayerReport) -> str:
    """The number of a line; with its cell or file where that is not the layer's."""
    return str(where.line) if beside(where, layer) else seen_from(where, layer)


def _dedented(piece: LineChange) -> LineChange:
    """Without the indentation that all its lines have, and as they can be printed anywhere."""
    rows = textwrap.dedent("\n".join([*piece.before, *piece.after])).split("\n")
    rows = [one_line(row) for row in rows]
    count = len(piece.before)
    return LineChange(piece.line, tuple(rows[:count]), tuple(rows[count:]))


def _mistaken(layer: LayerReport, changes: Sequence[Change]) -> str:
    """`the mistake is in lines 14-15`; `a line is missing before line 9`."""
    found: dict[bool, list[Where]] = {}
    for change in changes:
        for piece in line_changes(change):
            places = found.setdefault(bool(piece.before), [])
            places.extend(_at(change, number) for number in piece.numbers)
    parts = []
    if True in found:
        parts.append(f"the mistake is in {_together(layer, found[True])}")
    if False in found:
        parts.append(f"something is missing before {_together(layer, found[False])}")
    return ", and ".join(parts)


def _together(layer: LayerReport, places: Sequence[Where]) -> str:
    here = [where.line for where in places if beside(where, layer)]
    there = [seen_from(where, layer) for where in places if not beside(where, layer)]
    parts = [lines_in_words(here)] if here else []
    return " and ".join(dict.fromkeys([*parts, *there]))


def _suspects(layer: LayerReport, suspects: Sequence[Where]) -> Iterator[Text]:
    places = list(dict.fromkeys(suspects))
    if not places:
        yield Text("    no fix found")
        return
    which = seen_from(places[0], layer)
    if len(places) > 1:
        which = "one of these lines"
    yield Text(f"    no fix found; the mistake may be in {which} (suspected, not verified):")
    labels = [_label(where, layer) for where in places]
    width = max(len(label) for label in labels)
    for label, where in zip(labels, places, strict=True):
        yield Text(f"      {label:>{width}}   {one_line(where.text.strip())}".rstrip())
