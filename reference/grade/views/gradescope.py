"""`gradescope/ID.json`: the results.json that Gradescope reads from an autograder."""

from __future__ import annotations

import json
import math
from typing import Any

from trigrad.grade.record import Outcome, Record, Run
from trigrad.grade.views.told import Told, hints_of, told, whole


def gradescope(run: Run, record: Record) -> str | None:
    """The results of one submission; None where the grader died.

    Without a file Gradescope says that the autograder failed, which is so; any file would have to
    give points.
    """
    if record.outcome is Outcome.GRADER_DIED:
        return None
    hints = hints_of(run)
    said = told(record, hints)
    results = {
        "score": record.grade.points,
        "execution_time": math.ceil(record.seconds),
        "output": whole(record, said, hints),
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",  # what the grader prints is not for students
        "tests": [_test(each) for each in said if each.item is not None],
    }
    return json.dumps(results, ensure_ascii=False, indent=1) + "\n"


def _test(each: Told) -> dict[str, Any]:
    assert each.item is not None, "only what gives points is a test"
    return {
        "name": f"{each.mark} {each.name}",
        "name_format": "text",
        "score": each.item.points,
        "max_score": each.item.of,
        "status": "passed" if each.item.points >= each.item.of else "failed",
        "output": each.text,
        "output_format": "text",
        "visibility": "visible",
    }
