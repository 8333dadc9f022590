"""Find the submissions in a folder, as learning platforms, git or a list give them.

Nothing is opened here but lists: a submission is a name and the places of what was handed in.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from trigrad.grade.archives import OTHER_SUFFIXES, SUFFIXES
from trigrad.grade.names import is_junk, safe_id, shown
from trigrad.messages import Message
from trigrad.subject.source.sources import CODE_SUFFIXES

_MOODLE = re.compile(r"(?P<name>.+?)_(?P<number>\d+)_assignsubmission_[a-z]+_(?P<file>.*)", re.S)
"""`Anna Berg_1234_assignsubmission_file_`, a folder, or with a file's name behind it, a file."""

_CANVAS = re.compile(r"(?P<name>[^_]+)(_LATE)?_(?P<number>\d+)_\d+_(?P<file>.+)", re.S)
"""`bergann_4521_99817_layers.py`; the second number is that of the upload."""

_LISTS = (".csv", ".tsv", ".yml", ".yaml", ".json", ".toml", ".log", ".xml", ".xlsx", ".html")
"""Files beside the submissions that platforms and teachers put there."""


class SubmissionsError(ValueError):
    """The submissions cannot be found; the message says why, in one line."""


@dataclass(frozen=True)
class Part:
    """A file or folder that was handed in, and the name under which."""

    path: Path
    name: str = ""
    """The name that the student gave a file; "" for a folder."""


@dataclass(frozen=True)
class Submission:
    """What one student has handed in."""

    id: str
    """Safe as a file's name."""
    name: str
    path: str
    """Where it is, relative to the folder of submissions."""
    parts: tuple[Part, ...] = ()
    submitted: datetime | None = None
    refused: str = ""
    """Why it is not looked at: there are two of the same student, say."""
    hidden: tuple[str, ...] = field(default=(), repr=False)
    """Words that the names of its files may not have in them, in an anonymous class."""


@dataclass(frozen=True)
class Found:
    """The submissions, in the order of their IDs, and what was noticed on the way."""

    submissions: tuple[Submission, ...]
    notes: tuple[str, ...] = field(default=())


def find_submissions(path: Path, assignment: str | None = None) -> Found:
    """The submissions in a folder or in a list (`.csv` with the columns `id` and `path`).

    `assignment` is the one that is graded, of a tree of nbgrader's with several.

    Raises:
        SubmissionsError: there is none, or it is not said which are meant.
    """
    try:
        if not path.is_dir():
            found = _listed(path)
        elif (tree := path / "submitted").is_dir():
            found = _nbgrader(tree, assignment)
        elif path.name == "submitted" or _has_timestamps(path):
            found = _nbgrader(path, assignment)
        else:
            found = _in_folder(path)
    except OSError as error:
        raise SubmissionsError(
            str(Message("file.not_read", file=str(path), why=str(error.strerror or error)))
        ) from error
    if not found.submissions:
        raise SubmissionsError(str(Message("submissions.none", path=str(path))))
    return replace(found, submissions=each_once(found.submissions))


def _in_folder(folder: Path) -> Found:
    grouped: dict[tuple[str, str], list[Part]] = {}
    alone: list[Submission] = []
    left: list[str] = []
    for entry in sorted(folder.iterdir()):
        if is_junk(entry.name):
            continue
        platform = _MOODLE.fullmatch(entry.name) or _CANVAS.fullmatch(entry.name)
        if platform is not None and (entry.is_file() or not platform["file"]):
            key = (platform["name"], platform["number"])
            grouped.setdefault(key, []).append(Part(entry, platform["file"]))
        elif entry.is_symlink():
            alone.append(_refused(entry, str(Message("submissions.link"))))
        elif entry.is_dir():
            alone.append(_of(entry.name, shown(entry.name), [Part(entry)]))
        elif entry.is_file() and not entry.name.lower().endswith(_LISTS):
            alone.append(_of(stem(entry.name), shown(entry.name), [Part(entry, entry.name)]))
        else:
            left.append(shown(entry.name))
    notes = (str(Message("submissions.left", left=", ".join(left))),) if left else ()
    platforms = [
        replace(_of(number, shown(parts[0].path.name), parts), name=shown(name))
        for (name, number), parts in grouped.items()
    ]
    return Found((*alone, *platforms), notes)


def stem(name: str) -> str:
    """A file's name without its suffix: `anna` of `anna.tar.gz`, `a.berg` of `a.berg`."""
    known = (*CODE_SUFFIXES, *SUFFIXES, *OTHER_SUFFIXES)
    suffix = max((s for s in known if name.lower().endswith(s)), key=len, default=None)
    return name[: -len(suffix)] if suffix else Path(name).stem


def _of(name: str, path: str, parts: Sequence[Part]) -> Submission:
    return Submission(safe_id(name), shown(name), path, tuple(parts))


def _refused(entry: Path, why: str) -> Submission:
    return replace(_of(stem(entry.name), shown(entry.name), []), refused=why)


def _has_timestamps(folder: Path) -> bool:
    return next(folder.glob("*/*/timestamp.txt"), None) is not None


def _nbgrader(tree: Path, assignment: str | None) -> Found:
    """The submissions of `submitted/STUDENT/ASSIGNMENT/`."""
    students = [s for s in sorted(tree.iterdir()) if s.is_dir() and not is_junk(s.name)]
    each = {
        s: sorted(a for a in s.iterdir() if a.is_dir() and not is_junk(a.name)) for s in students
    }
    names = sorted({a.name for folders in each.values() for a in folders})
    if assignment is None and len(names) > 1:
        raise SubmissionsError(
            str(Message("submissions.several", path=str(tree), names=", ".join(names)))
        )
    if assignment is not None and assignment not in names:
        raise SubmissionsError(
            str(
                Message(
                    "submissions.no_assignment",
                    path=str(tree),
                    assignment=assignment,
                    names=", ".join(names),
                )
            )
        )
    found = [
        replace(
            _of(student.name, f"{shown(student.name)}/{shown(folder.name)}", [Part(folder)]),
            submitted=_time_of(folder / "timestamp.txt"),
        )
        for student, folders in each.items()
        for folder in folders
        if folder.name in (assignment or names)
    ]
    return Found(tuple(found))


def _folders(folder: Path) -> list[Path]:
    return sorted(each for each in folder.iterdir() if each.is_dir() and not is_junk(each.name))


def _time_of(file: Path) -> datetime | None:
    """The time in nbgrader's `timestamp.txt`, `2026-11-02 23:10:00.5 UTC`; None without one."""
    try:
        return time_in(file.read_text("utf-8"))
    except (OSError, ValueError):
        return None


def time_in(text: str) -> datetime:
    """A time as platforms write it; without a time zone it is UTC.

    Raises:
        ValueError: it is none.
    """
    found = datetime.fromisoformat(re.sub(r"\s*UTC\s*$", "+00:00", text.strip()))
    return found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC)


def _listed(path: Path) -> Found:
    """The submissions that a CSV file lists; its paths are relative to its folder."""
    if path.suffix.lower() != ".csv":
        key = "submissions.not_there"
        if path.exists():
            packed = path.name.lower().endswith(SUFFIXES)
            key = "submissions.packed" if packed else "submissions.no_list"
        raise SubmissionsError(str(Message(key, path=str(path))))
    rows = rows_of(path)
    for column in ("id", "path"):
        if rows and column not in rows[0]:
            there = ", ".join(rows[0])
            raise SubmissionsError(
                str(
                    Message(
                        "submissions.no_column", path=str(path), column=repr(column), there=there
                    )
                )
            )
    found = []
    for number, row in enumerate(rows, 2):
        place = path.parent / row["path"]
        part = Part(place, "" if place.is_dir() else place.name)
        one = replace(_of(row["id"], shown(row["path"]), [part]), name=row.get("name") or row["id"])
        if not place.exists():
            one = replace(
                one,
                parts=(),
                refused=str(Message("submissions.no_path", path=str(shown(row["path"])))),
            )
        try:
            time = time_in(row["submitted"]) if row.get("submitted") else None
        except ValueError as error:
            raise SubmissionsError(
                str(Message("submissions.line", path=str(path), line=number, error=str(error)))
            ) from error
        found.append(replace(one, submitted=time))
    return Found(tuple(found))


def rows_of(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file by its heads, in lower case; separated by commas, semicolons or tabs.

    Raises:
        SubmissionsError: it is not text in UTF-8, or cannot be read.
    """
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SubmissionsError(str(Message("submissions.not_utf8", path=str(path)))) from error
    except OSError as error:
        raise SubmissionsError(
            str(Message("file.not_read", file=str(path), why=str(error.strerror or error)))
        ) from error
    if said := re.match(r"sep=(.)\r?\n", text, re.I):  # as Excel has it, for itself
        text = text[said.end() :]
    head = text.split("\n", 1)[0]
    separator = said[1] if said else max(",;\t", key=head.count)
    try:
        rows = list(csv.reader(text.splitlines(), delimiter=separator, strict=True))
    except csv.Error as error:
        raise SubmissionsError(
            str(Message("submissions.no_table", path=str(path), error=str(error)))
        ) from error
    heads = [name.strip().lower() for name in rows[0]] if rows else []
    filled = [row for row in rows[1:] if any(cell.strip() for cell in row)]
    return [
        {head: cell.strip() for head, cell in zip(heads, row + [""] * len(heads), strict=False)}
        for row in filled
    ]


def each_once(found: Iterable[Submission]) -> tuple[Submission, ...]:
    """One submission for each ID. Of a student with several it is not known which one counts."""
    grouped: dict[str, list[Submission]] = {}
    for one in found:
        grouped.setdefault(one.id.casefold(), []).append(one)
    return tuple(_one_of(grouped[key]) for key in sorted(grouped))


def _one_of(same: Sequence[Submission]) -> Submission:
    first = same[0]
    if len(same) == 1:
        return first
    paths = ", ".join(sorted(one.path for one in same))
    return replace(
        first, parts=(), refused=str(Message("submissions.many", count=len(same), paths=paths))
    )
