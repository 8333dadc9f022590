"""`class.html`: one page for a whole class, for the teacher."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from urllib.parse import quote

from trigrad.grade.record import Mistake, Outcome, Record, Run
from trigrad.grade.views.class_summary import (
    Alike,
    Made,
    alike,
    graded,
    hardness,
    median_points,
    mistakes,
)
from trigrad.grade.views.marks import Mark, Marked
from trigrad.grade.views.pages import CLASSES, rendered
from trigrad.grade.views.plain_text import number, on_one_line, place_of, shown_name
from trigrad.grade.views.told import late
from trigrad.messages import Message


def class_page(run: Run, records: Sequence[Marked], title: str) -> str:
    """The page: what is wrong and with whom, the hard layers, all students, files alike."""
    rows = sorted([*_rows(run, records), *_missing(run)], key=lambda row: row["order"])
    there = graded(records)
    kinds = [key for key in _KINDS if any(key in row["kinds"].split() for row in rows)]
    return rendered(
        "class_page",
        title=shown_name(title),
        counts=list(map(str, _counts(run, records))),
        median=_median(run, there),
        notes=list(map(on_one_line, run.notes)),
        look=list(_to_look_at(run, records)),
        graded=len(there),
        mistakes=[_made(each) for each in mistakes(there)],
        marks=list(Mark),
        hardness=hardness(run, records),
        items=[{"name": item.name, "of": number(item.of)} for item in run.items],
        of=number(sum(item.of for item in run.items)),
        ids=any(row["id"] != row["name"] for row in rows),
        rows=rows,
        kinds=[(key, str(Message(_KINDS[key]))) for key in kinds],
        shown=str(Message("page.shown", count="{count}", all="{all}")),
        alike=[_alike(each) for each in alike(records)],
        alike_why=str(Message("page.alike_why")),
        version=run.versions.get("trigrad", ""),
        seed=run.options.get("seed", 0),
    )


_KINDS = {
    "less": "page.only_less",
    "undecided": "page.only_undecided",
    "absent": "page.only_absent",
    "ungraded": "page.only_ungraded",
    "late": "page.only_late",
    "missing": "page.only_missing",
}
"""What can be chosen to be shown alone, with its words."""


def _counts(run: Run, records: Sequence[Marked]) -> Iterator[Message]:
    yield Message("page.handed_in", count=len(run.ids))
    done = len(graded(records))
    yield Message("page.graded", count=done)
    if not_gradable := len(records) - done:
        yield Message("page.not_gradable", count=not_gradable)
    if waiting := len(run.ids) - len(records):
        yield Message("page.waiting", count=waiting)
    if run.missing:
        yield Message("page.missing", count=len(run.missing))


def _median(run: Run, there: Sequence[Marked]) -> str:
    middle = median_points(there)
    of = number(sum(item.of for item in run.items))
    return "" if middle is None else str(Message("page.median", points=number(middle), of=of))


def _rows(run: Run, records: Iterable[Marked]) -> Iterator[dict[str, Any]]:
    for each in records:
        record = each.record
        points = record.grade.points
        remarks = "; ".join(_remarks(record))
        row = _row(record.id, record.name, remarks, points)
        row["link"] = f"feedback/{quote(record.id)}.html"
        row["kinds"] = " ".join(_kinds(each))
        row["cells"] = [_cell(each, item.name) for item in run.items]
        yield row


def _missing(run: Run) -> Iterator[dict[str, Any]]:
    names = {student.id: student.name for student in run.roster}
    for id_ in run.missing:
        row = _row(id_, names.get(id_, id_), str(Message("told.no_submission")), None)
        yield row | {
            "link": "",
            "kinds": "missing",
            "cells": [_with_sign(Mark.ABSENT, "") for _ in run.items],
        }


def _row(id_: str, name: str, remarks: str, points: float | None) -> dict[str, Any]:
    shown = shown_name(name) or shown_name(id_)
    return {
        "id": shown_name(id_),
        "name": shown,
        "anchor": _anchor(id_),
        "order": (_without_accents(shown), id_),
        "value": "" if points is None else number(points),
        "points": "" if points is None else number(points),
        "remarks": remarks,
    }


def _without_accents(name: str) -> str:
    """By what a name is sorted: an É stands beside an E, as a reader expects."""
    parts = unicodedata.normalize("NFKD", name)
    return "".join(each for each in parts if not unicodedata.combining(each)).casefold()


def _anchor(id_: str) -> str:
    return f"s-{quote(id_, safe='')}".replace("%", "_")


def _remarks(record: Record) -> Iterator[str]:
    if record.outcome is not Outcome.GRADED:
        why = on_one_line(record.why or "")
        outcome = str(Message(f"outcome.{record.outcome}"))
        yield f"{outcome}: {why}" if why else outcome
    if record.submission.late_seconds:
        yield str(late(record.submission.late_seconds))


def _kinds(each: Marked) -> Iterator[str]:
    record = each.record
    if record.outcome is not Outcome.GRADED:
        yield "ungraded"
    elif record.grade.points is not None and record.grade.points < record.grade.of:
        yield "less"
    if Mark.UNDECIDED in each.marks.values():
        yield "undecided"
    if record.outcome is Outcome.GRADED and Mark.ABSENT in each.marks.values():
        yield "absent"
    if record.submission.late_seconds:
        yield "late"


def _cell(each: Marked, name: str) -> dict[str, str]:
    item = each.item(name)
    if item is None or each.record.outcome is not Outcome.GRADED:
        return _with_sign(Mark.ABSENT, "")
    return _with_sign(each.marks[name], number(item.points))


def _with_sign(mark: Mark, points: str) -> dict[str, str]:
    return {
        "kind": CLASSES[mark],
        "mark": mark.value,
        "words": str(mark.words),
        "value": points,
        "points": points,
    }


def _to_look_at(run: Run, records: Sequence[Marked]) -> Iterator[dict[str, Any]]:
    """What a teacher has to decide, with those whom it is about."""
    ungraded = [each for each in records if each.record.outcome is not Outcome.GRADED]
    undecided = [each for each in records if Mark.UNDECIDED in each.marks.values()]
    if ungraded:
        words = Message("page.not_gradable", count=len(ungraded))
        yield {
            "words": str(words),
            "by": [_who(e, "; ".join(_remarks(e.record))) for e in ungraded],
        }
    if undecided:
        words = Message("page.undecided", count=len(undecided))
        by = [_who(e, ", ".join(_with(e, Mark.UNDECIDED))) for e in undecided]
        yield {"words": str(words), "by": by}
    if run.missing:
        words = Message("page.missing", count=len(run.missing))
        names = {student.id: student.name for student in run.roster}
        by = [_named(id_, names.get(id_, id_), "") for id_ in run.missing]
        yield {"words": str(words), "by": by}


def _with(each: Marked, mark: Mark) -> list[str]:
    """The items that have this sign."""
    return [name for name, own in each.marks.items() if own is mark]


def _made(each: Made) -> dict[str, Any]:
    return {
        "count": len(each.by),
        "layer": on_one_line(each.layer),
        "what": on_one_line(each.what),
        "by": [_who(one, _place(mistake)) for one, mistake in each.by],
    }


def _place(mistake: Mistake) -> str:
    return on_one_line(place_of(mistake.file, mistake.cell, mistake.line))


def _alike(each: Alike) -> dict[str, Any]:
    files = Message("page.files", count=len(each.files))
    return {
        "words": str(Message("page.alike", files=files, count=each.nodes)),
        "by": [_who(one, on_one_line(path)) for one, path in each.files],
    }


def _who(each: Marked, more: str) -> dict[str, str]:
    return _named(each.record.id, each.record.name, more)


def _named(id_: str, name: str, more: str) -> dict[str, str]:
    return {"anchor": _anchor(id_), "name": shown_name(name) or shown_name(id_), "more": more}
