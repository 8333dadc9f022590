"""All views of a run, written beside its records; they can be made again at any time."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from trigrad.grade.record import Record, Run
from trigrad.grade.views import grades_csv as grades
from trigrad.grade.views.class_page import class_page
from trigrad.grade.views.feedback import feedback_html, feedback_md
from trigrad.grade.views.gradescope import gradescope
from trigrad.grade.views.junit import junit
from trigrad.grade.views.marks import Marked, marked
from trigrad.grade.views.nbgrader import nbgrader_csv
from trigrad.grade.views.prairielearn import prairielearn

OF_EACH: dict[str, Callable[[Run, Record], str | None]] = {
    "feedback/{id}.md": feedback_md,
    "feedback/{id}.html": feedback_html,
    "gradescope/{id}.json": gradescope,
    "prairielearn/{id}.json": prairielearn,
}
"""The views of a single submission. A view that gives None has no file."""


def write(run: Run, records: Iterable[Record], folder: Path) -> None:
    """Write every view into the folder of a run.

    Records are read one after the other, and their reports are not kept: 3,000 take no more memory
    than 100.

    Raises:
        OSError: a file cannot be written.
    """
    seen: list[Marked] = []
    _write(folder / "junit.xml", junit(run, _each(run, records, folder, seen)))
    title = folder.resolve().parent.name
    _write(folder / "grades.csv", [grades.grades_csv(run, seen)], grades.ENCODING)
    _write(folder / "nbgrader.csv", [nbgrader_csv(run, seen, title)])
    _write(folder / "class.html", [class_page(run, seen, title)])


def _each(
    run: Run, records: Iterable[Record], folder: Path, seen: list[Marked]
) -> Iterator[Record]:
    """The records, each after its own views are written; what tables need of it goes to `seen`."""
    for record in records:
        for name, view in OF_EACH.items():
            path = folder / name.format(id=record.id)
            text = view(run, record)
            if text is None:
                path.unlink(missing_ok=True)  # one of an earlier run is no longer true
            else:
                _write(path, [text])
        seen.append(marked(record))
        yield record


def _write(path: Path, parts: Iterable[str], encoding: str = "utf-8") -> None:
    """Write a file at once: who reads it meanwhile sees the old one, or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.new")
    with new.open("w", encoding=encoding, newline="") as file:
        file.writelines(parts)
    os.replace(new, path)
