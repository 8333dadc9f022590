"""`grades.csv`: a line for each student, for a teacher and a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from trigrad.grade.record import Outcome, Run
from trigrad.grade.views.marks import Marked
from trigrad.grade.views.tables import Cell, as_csv

ENCODING = "utf-8-sig"
"""With a byte order mark: without it Excel reads UTF-8 as the code page of the machine, and half of
the world's names are wrong. LibreOffice and pandas take it for what it is."""

_HEADS = ("student", "name", "outcome", "points", "of")
_DAY = 86_400


def grades_csv(run: Run, records: Iterable[Marked]) -> str:
    """The table: points in all and of each item, days late, why something was not graded.

    Who is missing has a line without points: what that is worth, a teacher decides.
    """
    items = [item.name for item in run.items]
    heads = [*_HEADS, *items, "days late", "why"]
    return as_csv(heads, [*_graded(records, items), *_missing(run, len(items))])


def _graded(records: Iterable[Marked], items: Sequence[str]) -> Iterator[list[Cell]]:
    for each in records:
        record = each.record
        found = [each.item(name) for name in items]
        died = record.outcome is Outcome.GRADER_DIED
        points = [None if item is None or died else item.points for item in found]
        late = record.submission.late_seconds
        yield [
            *(record.id, record.name, record.outcome.value),
            *(record.grade.points, record.grade.of),
            *points,
            *(None if late is None else round(late / _DAY, 2), record.why),
        ]


def _missing(run: Run, items: int) -> Iterator[list[Cell]]:
    names = {student.id: student.name for student in run.roster}
    of = sum(item.of for item in run.items)
    for id_ in run.missing:
        yield [id_, names.get(id_, id_), "missing", None, of, *[None] * items, None, None]
