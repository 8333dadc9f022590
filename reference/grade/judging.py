"""Grade one submission: take it, judge its files, and write the record.

This is what a worker does; it needs nothing but the task and the folders that it names.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from trigrad.api import open_target
from trigrad.catalogue.in_force import language_in_force
from trigrad.contracts.own import OwnContract, read_contracts
from trigrad.defaults import EXAMPLES, TIMEOUT
from trigrad.grade.mistakes import mistakes_of
from trigrad.grade.record import Outcome, Record, Taken
from trigrad.grade.rubric import Rubric
from trigrad.grade.scoring import Judged, grade, nothing
from trigrad.grade.store import Store
from trigrad.grade.structure import structure_of
from trigrad.grade.submissions import Submission
from trigrad.grade.taking import take
from trigrad.hints import Hints
from trigrad.messages import Message
from trigrad.report.as_json import encode
from trigrad.report.withholding import quiet
from trigrad.sandbox.limits import Limits
from trigrad.subject.declared import Declarations
from trigrad.subject.source.sources import UnreadableError
from trigrad.verdict.confirmed import confirmed
from trigrad.verdict.judge import try_subject
from trigrad.verdict.results import LayerReport, Results
from trigrad.witnesses.should_claims import NUMPY_ONLY


@dataclass(frozen=True)
class Options:
    """How submissions are judged; the same for all of a class."""

    seed: int = 0
    examples: int = EXAMPLES
    timeout: float = TIMEOUT
    hints: Hints = Hints.LAW
    numpy_only: bool = False
    repair_seconds: float = 0.0
    contracts: str | None = None
    """The path of the teacher's file of contracts."""
    language: str = field(default_factory=language_in_force)
    """Of what the records say."""


@dataclass(frozen=True)
class Task:
    """One submission to be graded; it is sent to a worker."""

    submission: Submission
    key: str
    versions: dict[str, str]
    options: Options
    rubric: Rubric
    folder: Path
    """Of the graded class."""
    anonymous: bool = False
    before: str | None = None
    """When the record began that there is already, which is to be replaced."""


Tell = Callable[[Results], None]
"""Is given what is known of a file so far, after each of its layers."""

Judge = Callable[[Path, Options, Tell], Results]
"""Judges one file."""


def _to_nobody(so_far: Results) -> None:
    """Nobody waits for it."""


def judged(path: Path, options: Options, tell: Tell = _to_nobody) -> Results:
    """The results on one file, judged in the sandbox.

    Raises:
        SandboxError: no process can be started, which is no student's fault.
    """
    strict = frozenset({NUMPY_ONLY} if options.numpy_only else ())
    nothing = Results(str(path), "", options.seed, options.examples)

    def told(layers: Sequence[LayerReport]) -> None:
        tell(quiet(replace(nothing, layers=tuple(layers), hints=options.hints)))

    try:
        own = Declarations(_own(options.contracts), guess=True)
        subject = open_target(path, limits=Limits(timeout=options.timeout), declarations=own)
        results = try_subject(
            subject,
            seed=options.seed,
            examples=options.examples,
            strict=strict,
            repair_seconds=options.repair_seconds if options.hints.names_lines else 0,
            tell=told,
        )
    except UnreadableError as error:
        results = replace(nothing, error=str(error))
    return quiet(replace(results, hints=options.hints))


@lru_cache
def _own(path: str | None) -> tuple[OwnContract, ...]:
    """The teacher's contracts, read once in a process."""
    return () if path is None else read_contracts(path)


def grade_one(
    task: Task, judge: Judge = judged, tell: Callable[[Record], None] | None = None
) -> Outcome:
    """Grade a submission and write its record.

    `tell` is given the record as far as it is known, after each layer.

    Raises:
        StoreError: the record cannot be written.
        SandboxError, OSError: this machine cannot judge anything now.
    """
    began, started = time.perf_counter(), _now()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch).resolve() / "submission"
        folder.mkdir()
        taken = _late(take(task.submission, folder, task.anonymous), task)
        paths = [file.path for file in taken.files]
        structure = [structure_of(folder / path, path) for path in paths]
        files: list[Judged] = []

        def record(known: Sequence[Judged], why: str = "") -> Record:
            return Record(
                **_head(task),
                submission=taken,
                started=started,
                seconds=round(time.perf_counter() - began, 3),
                outcome=Outcome.NOT_GRADABLE if why else Outcome.GRADED,
                why=why or None,
                grade=nothing(task.rubric, why) if why else grade(task.rubric, known),
                reports=tuple(_report(file, folder) for file in known),
                mistakes=tuple(mistake for file in known for mistake in mistakes_of(file)),
                structure=tuple(each for each in structure if each is not None),
            )

        own = _own(task.options.contracts)
        rows = [layer.name for layer in task.rubric.layers]
        required = [name for name in rows if not any(each.is_of([name]) for each in own)]
        for path in paths:

            def told(so_far: Results, path: str = path) -> None:
                if tell is not None:
                    tell(record([*files, _at_home(so_far, path, folder)]))

            results = judge(folder / path, task.options, told)
            results = replace(results, layers=tuple(confirmed(results.layers, required)))
            files.append(_at_home(results, path, folder))
        whole = record(files, task.submission.refused or _why_not(taken, files))
    Store(task.folder).write(whole)
    return whole.outcome


def write_death(task: Task, why: str) -> None:
    """Write the record of a submission that could not be graded for no fault that is known.

    Raises:
        StoreError: it cannot be written.
    """
    one = task.submission
    record = Record(
        **_head(task),
        submission=Taken(one.path, "folder" if any(not p.name for p in one.parts) else "file", ""),
        started=_now(),
        seconds=0.0,
        outcome=Outcome.GRADER_DIED,
        why=why,
        grade=nothing(task.rubric, why, points=None),
    )
    Store(task.folder).write(record)


def _head(task: Task) -> dict[str, Any]:
    one = task.submission
    return {"id": one.id, "name": one.name, "key": task.key, "versions": task.versions}


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _late(taken: Taken, task: Task) -> Taken:
    due, submitted = task.rubric.due, task.submission.submitted
    if due is None or submitted is None:
        return taken
    return replace(taken, late_seconds=max(0.0, (submitted - due).total_seconds()))


def _at_home(results: Results, path: str, folder: Path) -> Judged:
    """The results under the path within the submission, not that of the folder for judging."""

    def home(words: str) -> str:
        return words.replace(f"{folder}/", "")

    unjudged = tuple(replace(u, name=home(u.name), why=home(u.why)) for u in results.unjudged)
    return Judged(
        path,
        replace(
            results,
            path=path,
            error=results.error and home(results.error),
            notes=tuple(map(home, results.notes)),
            unjudged=unjudged,
        ),
    )


def _report(file: Judged, folder: Path) -> dict[str, Any]:
    """The JSON object of a file; a learner's own messages may name the folder for judging."""
    text = json.dumps(encode(file.results))
    report: dict[str, Any] = json.loads(text.replace(f"{folder}/", ""))
    return report


def _why_not(taken: Taken, files: Sequence[Judged]) -> str:
    """Why a submission cannot be graded; "" if it can."""
    if not files:
        return "; ".join(taken.notes[:3]) or str(Message("grade.empty"))
    if not all(file.unread for file in files):
        return ""
    return "; ".join(str(file.results.error) for file in files[:3])
