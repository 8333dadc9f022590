"""Plan the grading of a class: what was handed in, what it gives, and what has to be done."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from difflib import get_close_matches
from importlib.metadata import version
from pathlib import Path
from typing import Any

import msgspec

from trigrad.grade.judging import Options, Task
from trigrad.grade.record import FORMAT, Run
from trigrad.grade.roster import Class, matched, pseudonymous
from trigrad.grade.rubric import Rubric
from trigrad.grade.store import Store
from trigrad.grade.submissions import Submission, SubmissionsError, each_once, find_submissions
from trigrad.grade.taking import digest_of
from trigrad.messages import Message

_LIBRARIES = ("trigrad", "numpy", "torch", "hypothesis")
"""Grades may depend on these."""


@dataclass(frozen=True)
class Asked:
    """What the teacher asks for."""

    submissions: Path
    out: Path
    rubric: Rubric
    options: Options
    roster: Path | None = None
    assignment: str | None = None
    map: Path | None = None
    """The folder of the map of names, where the class is to be anonymous."""
    again: Sequence[str] = ()
    """IDs or names of submissions that are graded again in any case."""
    shard: tuple[int, int] = (1, 1)
    """(3, 10): the third of ten equal parts of the class."""


@dataclass(frozen=True)
class Plan:
    """A run, and what of it has to be done."""

    run: Run
    tasks: tuple[Task, ...]
    """Of this shard, without what is graded already."""
    mine: tuple[str, ...]
    """The IDs of this shard."""


def versions() -> dict[str, str]:
    """Of Python, trigrad and the libraries that grades may depend on."""
    return {"python": platform.python_version(), **{name: version(name) for name in _LIBRARIES}}


def plan(asked: Asked) -> Plan:
    """Find the submissions and what of them has changed since they were graded; write nothing but
    the map of names.

    Raises:
        SubmissionsError: there are none, the roster does not match, or nobody has the name that is
            to be graded again.
        StoreError: the map of names, or a record, cannot be read or written.
    """
    out, inside = asked.out.resolve(), asked.submissions.resolve()
    if out == inside or inside in out.parents:
        raise SubmissionsError(
            str(Message("grade.out_inside", out=str(asked.out), submissions=str(asked.submissions)))
        )
    if asked.map is not None and out in (asked.map.resolve(), *asked.map.resolve().parents):
        raise SubmissionsError(str(Message("grade.map_inside", out=str(asked.out))))
    found = find_submissions(asked.submissions, asked.assignment)
    named = Class(found.submissions)
    if asked.roster is not None:
        named = matched(found.submissions, asked.roster)
        named = replace(named, submissions=each_once(named.submissions))
    chosen = _chosen(named.submissions, asked.again)
    if asked.map is not None:
        secret = pseudonymous(named, asked.map)
        pairs = zip(named.submissions, secret.submissions, strict=True)
        chosen = {new.id for old, new in pairs if old.id in chosen}
        named = replace(secret, submissions=tuple(sorted(secret.submissions, key=lambda s: s.id)))
    run = _run(asked, named, () if asked.map else found.notes)
    part, parts = asked.shard
    mine = named.submissions[part - 1 :: parts]
    store = Store(asked.out)
    shared = _shared(run)
    tasks = []
    for one in mine:
        key = hashlib.sha256(f"{shared} {digest_of(one)}".encode()).hexdigest()
        there = store.graded(one.id, key)
        if there is None or one.id in chosen:
            task = Task(
                *(one, key, run.versions, asked.options, asked.rubric, out),
                anonymous=asked.map is not None,
                before=there.started if there else None,
            )
            tasks.append(task)
    return Plan(run, tuple(tasks), tuple(one.id for one in mine))


def _chosen(submissions: Sequence[Submission], again: Sequence[str]) -> set[str]:
    """The IDs of the submissions that are to be graded again.

    Raises:
        SubmissionsError: there is none of that ID or name.
    """
    known = {name: one.id for one in submissions for name in (one.name, one.id)}
    for name in again:
        if name not in known:
            near = get_close_matches(name, known)
            said = (
                Message("grade.no_id.near", name=repr(name), near=", ".join(near))
                if near
                else Message("grade.no_id", name=repr(name))
            )
            raise SubmissionsError(str(said))
    return {known[name] for name in again}


def _run(asked: Asked, named: Class, notes: Sequence[str]) -> Run:
    strangers: str | Message = ", ".join(named.strangers[:5])
    if len(named.strangers) > 5:
        strangers = Message("found.more", names=strangers, count=len(named.strangers) - 5)
    unknown = [str(Message("grade.strangers", names=strangers))] if named.strangers else []
    return Run(
        options=_options(asked),
        rubric=asked.rubric.as_dict(),
        items=asked.rubric.items,
        ids=tuple(one.id for one in named.submissions),
        roster=named.students,
        missing=named.missing,
        versions=versions(),
        notes=(*notes, *unknown),
        anonymous=asked.map is not None,
    )


def _options(asked: Asked) -> dict[str, Any]:
    """The options that decide grades. Of the contracts the content, wherever they lie."""
    file = asked.options.contracts
    digest = hashlib.sha256(Path(file).read_bytes()).hexdigest() if file else None
    required = [layer.name for layer in asked.rubric.layers]
    return {**asdict(asked.options), "contracts": digest, "require": required}


def _shared(run: Run) -> str:
    """A digest of all that the grades of a class depend on beside the submissions."""
    decides = {
        "format": FORMAT,
        "options": run.options,
        "rubric": run.rubric,
        "versions": run.versions,
        "anonymous": run.anonymous,
    }
    return hashlib.sha256(msgspec.json.encode(decides, order="deterministic")).hexdigest()
