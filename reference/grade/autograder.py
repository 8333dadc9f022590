"""What runs on Gradescope: grades the one submission that lies there, and writes results.json.

`python -m trigrad.grade.autograder ROOT`: ROOT is /autograder there, with `source/`, which has what
`trigrad gradescope-zip` packed, `submission/` and `submission_metadata.json`. The results are
written anew after each layer, so that they are there when the time limit ends this process.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from trigrad.catalogue.in_force import language
from trigrad.contracts.own import read_contracts
from trigrad.grade.judging import Options, Task, grade_one
from trigrad.grade.planning import versions
from trigrad.grade.record import Outcome, Record, Run
from trigrad.grade.rubric import Rubric, read_rubric
from trigrad.grade.store import Store, write_atomically
from trigrad.grade.submissions import Part, Submission
from trigrad.grade.views.gradescope import gradescope
from trigrad.messages import Message

SETTINGS, RUBRIC, CONTRACTS = "settings.json", "rubric.toml", "contracts.py"
"""Files in `source/`; the latter two are only there if the teacher has given them."""

ID = "submission"


@dataclass(frozen=True)
class Settings:
    """What the teacher asked for, as `settings.json` has it."""

    required: tuple[str, ...]
    options: Options


def rubric_in(source: Path, settings: Settings) -> Rubric:
    """The rubric that was packed.

    Raises:
        RubricError, ContractsError: a file cannot be understood.
    """
    contracts = source / CONTRACTS
    own = read_contracts(contracts) if contracts.exists() else ()
    rubric = source / RUBRIC
    return read_rubric(rubric if rubric.exists() else None, settings.required, own)


def autograde(root: Path) -> Outcome:
    """Grade the submission below `root`, and write `results/results.json`.

    Raises:
        StoreError: the results cannot be written.
        SandboxError, OSError: this machine cannot judge anything now.
    """
    source = root / "source"
    settings = msgspec.json.decode((source / SETTINGS).read_bytes(), type=Settings)
    with language(settings.options.language):
        return _graded(root, source, settings)


def _graded(root: Path, source: Path, settings: Settings) -> Outcome:
    rubric = rubric_in(source, settings)
    contracts = source / CONTRACTS
    if contracts.exists():
        settings = replace(settings, options=replace(settings.options, contracts=str(contracts)))
    metadata = _metadata(root / "submission_metadata.json")
    rubric = replace(
        rubric, due=rubric.due or _time(metadata.get("assignment", {}).get("due_date"))
    )
    task = Task(
        Submission(
            *(ID, ID, ID),
            parts=(Part(root / "submission"),),
            submitted=_time(metadata.get("created_at")),
        ),
        key=ID,
        versions=versions(),
        options=settings.options,
        rubric=rubric,
        folder=root / "results" / "graded",
    )
    run = Run({"hints": settings.options.hints}, rubric.as_dict(), rubric.items, (ID,))
    place = root / "results" / "results.json"

    def write(record: Record) -> None:
        text = gradescope(run, record)
        assert text is not None, "of a grader that has not died"
        write_atomically(place, text.encode())

    outcome = grade_one(task, tell=lambda record: write(_partial(record)))
    record = Store(task.folder).read(ID)
    assert record is not None, "it was written"
    write(record)
    return outcome


def _partial(record: Record) -> Record:
    """A record of which not all layers are known: the others are said to be missing in time."""
    known = {layer["layer"] for report in record.reports for layer in report["layers"]}
    late = str(Message("grade.not_in_time"))
    items = tuple(
        each if each.name in known else replace(each, points=0.0, why=late)
        for each in record.grade.items
    )
    points = round(sum(each.points for each in items), 6)
    return replace(record, grade=replace(record.grade, points=points, items=items))


def _metadata(path: Path) -> dict[str, Any]:
    """What Gradescope knows of the submission; nothing where it has not said it."""
    if not path.exists():
        return {}
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


if __name__ == "__main__":
    autograde(Path(sys.argv[1]))
