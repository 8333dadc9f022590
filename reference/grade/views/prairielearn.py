"""`prairielearn/ID.json`: the results.json that PrairieLearn reads from an external grader."""

from __future__ import annotations

import json
from typing import Any

from trigrad.grade.record import Outcome, Record, Run
from trigrad.grade.views.told import Told, hints_of, remarks, told, whole


def prairielearn(run: Run, record: Record) -> str:
    """The results of one submission.

    What could not be graded is `gradable: false`, which costs no attempt.
    """
    hints = hints_of(run)
    if record.outcome is not Outcome.GRADED:
        notes = list(remarks(record, hints))
        results: dict[str, Any] = {"gradable": False, "message": notes[0], "format_errors": notes}
    else:
        said = told(record, hints)
        results = {
            "gradable": True,
            "score": _share(record.grade.points or 0.0, record.grade.of),
            "message": "",
            "output": whole(record, said, hints),
            "tests": [_test(each) for each in said if each.item is not None],
        }
    return json.dumps(results, ensure_ascii=False, indent=1) + "\n"


def _share(points: float, of: float) -> float:
    """From 0 to 1, which is all that PrairieLearn takes."""
    return min(max(points / of, 0.0), 1.0) if of > 0 else 0.0


def _test(each: Told) -> dict[str, Any]:
    assert each.item is not None, "only what gives points is a test"
    return {
        "name": f"{each.mark} {each.name}",
        "points": each.item.points,
        "max_points": each.item.of,
        "output": each.text,
    }
