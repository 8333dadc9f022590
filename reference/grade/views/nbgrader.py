"""`nbgrader.csv`: the columns that `nbgrader export` writes, for what reads these."""

from __future__ import annotations

from collections.abc import Iterable

from trigrad.grade.record import Run
from trigrad.grade.views.marks import Marked
from trigrad.grade.views.tables import Cell, as_csv

_HEADS = (
    *("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email"),
    *("raw_score", "late_submission_penalty", "score", "max_score"),
)


def nbgrader_csv(run: Run, records: Iterable[Marked], assignment: str) -> str:
    """The table, a line for each student.

    As with nbgrader, who is missing has 0 points. The score is empty where the grader died. Rosters
    have one name, which is not taken apart: where the family name ends, differs from language to
    language. It stands whole in `last_name`.
    """
    names = {student.id: student.name for student in run.roster}
    of = sum(item.of for item in run.items)
    due = run.rubric.get("due")
    head = [assignment, None if due is None else str(due)]
    rows: list[list[Cell]] = []
    for each in records:
        record, points = each.record, each.record.grade.points
        student = [record.submission.submitted, record.id, record.name, None, None]
        rows.append([*head, *student, points, 0.0, points, record.grade.of])
    for id_ in run.missing:
        rows.append([*head, None, id_, names.get(id_, id_), None, None, 0.0, 0.0, 0.0, of])
    return as_csv(_HEADS, rows)
