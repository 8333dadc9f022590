"""What a student is told of a record: no more than the hints reveal.

Everything that students may see is made from this: feedback, Gradescope, PrairieLearn, JUnit. It
takes from a report what a level of hints allows, and nothing else, so that a report that was made
with more generous hints gives nothing away. With `law` that is the law and the case; not what the
numbers should be.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from trigrad.grade.record import Item, Outcome, Record, Run
from trigrad.grade.views.layer_text import quiet, suggestions, text_of
from trigrad.grade.views.marks import Mark, best_of, layers_of, mark_of, mark_of_layer
from trigrad.grade.views.plain_text import number, on_one_line, place_of
from trigrad.hints import Hints
from trigrad.messages import Message

_DAY = 24


@dataclass(frozen=True)
class Told:
    """What is told of one item of the grade, or of a layer that gives no points."""

    name: str
    mark: Mark
    item: Item | None
    """None for a layer that gives no points."""
    place: str
    """The line of the mistake if the hints name it, otherwise where the layer begins."""
    names_line: bool = False
    """Whether the place names the item's line: the hints may withhold it."""
    lines: tuple[str, ...] = ()
    """What is wrong, as on the screen."""
    suggestions: tuple[str, ...] = ()

    @property
    def points(self) -> str:
        """`2 of 3 points`; empty for what gives none."""
        return "" if self.item is None else str(points_of(self.item.points, self.item.of))

    @property
    def short_points(self) -> str:
        """The same in a column that is headed so: `2 of 3`."""
        if self.item is None:
            return ""
        points, of = number(self.item.points), number(self.item.of)
        return str(Message("told.short_points", points=points, of=of))

    @property
    def why(self) -> str:
        """Why it has these points, in one line."""
        return "" if self.item is None else on_one_line(self.item.why)

    @property
    def text(self) -> str:
        """Everything, in lines; empty if there is nothing to say."""
        said = [self.why, self.place, *self.lines, *self.suggestions]
        return "\n".join(filter(None, said))


def hints_of(run: Run) -> Hints:
    """How much the teacher lets students see."""
    return Hints(run.options.get("hints", Hints.LAW))


def told(record: Record, hints: Hints) -> tuple[Told, ...]:
    """What is told of each item, in the order of the rubric, and then of all other layers."""
    items = [_of_item(record, item, hints) for item in record.grade.items]
    known = {item.name for item in record.grade.items}
    others = [
        _of_layer(layer, hints)
        for layer in layers_of(record)
        if layer["layer"] not in known and mark_of_layer(layer) is not Mark.PASS
    ]
    return (*items, *others)


def _of_item(record: Record, item: Item, hints: Hints) -> Told:
    # Of several layers of one name the rubric takes the best; only that one is to be explained.
    best, is_where_it_begins = best_of(record, item)
    known = hints.names_lines or is_where_it_begins
    return Told(
        item.name,
        mark_of(record, item),
        item,
        place_of(item.file, item.cell, item.line if known else None),
        known and item.line is not None,
        tuple(line for layer in best for line in text_of(layer, hints)),
        tuple(line for layer in best for line in suggestions(layer)),
    )


def _of_layer(layer: dict[str, Any], hints: Hints) -> Told:
    lines, more = tuple(text_of(layer, hints)), tuple(suggestions(layer))
    return Told(
        layer["name"], mark_of_layer(layer), None, _begins(layer), lines=lines, suggestions=more
    )


def _begins(layer: dict[str, Any]) -> str:
    where = layer["where"]
    return place_of(where["file"], where["cell"], where["line"]) if where else ""


def whole(record: Record, said: Sequence[Told], hints: Hints) -> str:
    """What is told beside the items of the grade: remarks, and layers that give no points."""
    unpaid = [f"{each.mark} {each.name}\n{each.text}" for each in said if each.item is None]
    return "\n\n".join([*remarks(record, hints), *unpaid])


def points_of(points: float | None, of: float) -> Message:
    """`7 of 10 points`, or that there are none yet."""
    if points is None:
        return Message("told.no_points", of=number(of))
    plural = 1 if of == 1 else 2
    return Message("told.points", points=number(points), of=number(of), count=plural)


def remarks(record: Record, hints: Hints) -> Iterator[str]:
    """What is told of the submission as a whole: why it is not graded, how late it is, what was
    left out, what could not be judged."""
    if record.outcome is Outcome.GRADER_DIED:
        yield str(Message("told.died"))
    elif record.outcome is Outcome.NOT_GRADABLE:
        yield str(Message("told.not_gradable", why=on_one_line(record.why or "")))
    if record.submission.late_seconds:
        yield str(Message("told.late", late=late(record.submission.late_seconds)))
    yield from map(on_one_line, record.submission.notes)
    for report in record.reports:
        if report.get("error"):
            yield on_one_line(quiet(report["error"], hints))
        for each in report.get("unjudged", ()):
            why = quiet(each["why"], hints)
            said = Message("told.not_judged", name=each["name"], why=why)
            yield on_one_line(f"{said}; {each['todo']}" if each.get("todo") else str(said))


def late(seconds: float) -> Message:
    """How late a submission is, in hours up to two days, then in days; what has begun counts."""
    hours = math.ceil(seconds / 3600)
    if hours <= 2 * _DAY:
        return Message("late.hours", count=hours)
    return Message("late.days", count=math.ceil(hours / _DAY))
