"""The record of one submission, and of the whole run: the truth from which every view is made.

Here alone the form of these files is known. A record is never changed: a submission that is graded
again gets another.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

import msgspec

from trigrad.messages import Message

FORMAT = 1
"""Goes up when an older trigrad could no longer read the files."""


class RecordError(Exception):
    """A record cannot be read; the message says what is wrong with it, and where."""


class Outcome(StrEnum):
    """What became of a submission."""

    GRADED = "graded"
    NOT_GRADABLE = "not gradable"
    """Empty, unreadable, without Python: 0 points, and `why` says it."""
    GRADER_DIED = "grader died"
    """It ended the process that graded it, twice, the second time alone: there are no points."""


@dataclass(frozen=True)
class TakenFile:
    """A file of a submission that was judged; the path is that within the submission."""

    path: str
    sha256: str
    bytes: int


@dataclass(frozen=True)
class Taken:
    """What was taken as the submission."""

    path: str
    """Where it was, relative to the folder of submissions."""
    kind: str
    """"folder", "file", or "archive"."""
    sha256: str
    """Of the names and the contents of all its files."""
    files: tuple[TakenFile, ...] = ()
    notes: tuple[str, ...] = ()
    """What was left out, and why."""
    submitted: str | None = None
    """When, as the submission's source says it, in UTC: `2026-11-02T23:10:00Z`."""
    late_seconds: float | None = None
    """How long after the rubric's deadline; 0 in time; None where one of the two is not known."""


@dataclass(frozen=True)
class Item:
    """A line of a grade: a layer, or another thing that gives points."""

    name: str
    points: float
    of: float
    why: str
    """In words: `2 of 3 gradients hold: the gradient of b does not`."""
    file: str | None = None
    cell: int | None = None
    line: int | None = None


@dataclass(frozen=True)
class Grade:
    """The points of a submission; the items add up to them."""

    points: float | None
    """None where the grader died."""
    of: float
    items: tuple[Item, ...] = ()


@dataclass(frozen=True)
class Mistake:
    """What is wrong with a layer, in words that are the same for all who made that mistake."""

    layer: str
    """The contract's name."""
    what: str
    """A sentence without numbers and without names from the student's text."""
    file: str | None = None
    cell: int | None = None
    line: int | None = None


@dataclass(frozen=True)
class Structure:
    """A file without its names, comments and docstrings: equal ones are alike but for those."""

    path: str
    sha256: str
    nodes: int
    """How large its tree is: small ones are often alike."""


@dataclass(frozen=True)
class Record:
    """Everything that is known of one submission after it was graded."""

    id: str
    """The student's; safe as a file's name."""
    name: str
    """The student's, as the roster has it; the ID where there is none."""
    submission: Taken
    key: str
    """A digest of all that the grade depends on: a submission with the same key is not judged
    again."""
    versions: dict[str, str]
    """Of trigrad, Python and the libraries that grades may depend on."""
    started: str
    """In UTC: `2026-11-29T22:50:11Z`."""
    seconds: float
    outcome: Outcome
    grade: Grade
    why: str | None = None
    """Why it was not graded; None if it was."""
    reports: tuple[dict[str, Any], ...] = ()
    """For each file the object of `trigrad check FILE --format json`, with the run's hints."""
    mistakes: tuple[Mistake, ...] = ()
    structure: tuple[Structure, ...] = ()
    format: int = FORMAT

    def to_json(self) -> bytes:
        """The file's content."""
        return _encoded(self)

    @classmethod
    def from_json(cls, data: bytes, name: str = "the record") -> Record:
        """The record in a file's content; `name` names the file in messages.

        Raises:
            RecordError: it is damaged, or of another format.
        """
        return _decoded(data, cls, name)


@dataclass(frozen=True)
class Student:
    """A line of the roster."""

    id: str
    name: str


@dataclass(frozen=True)
class RubricItem:
    """What a rubric gives points for: the name as in `Item`, and the most points."""

    name: str
    of: float


@dataclass(frozen=True)
class Run:
    """What was asked for: `run.json`, written before anything is graded."""

    options: dict[str, Any]
    """`require`, `seed`, `examples`, `timeout`, `hints`, `numpy_only`, `repair_seconds`,
    `language`, and `contracts`: the digest of the teacher's contracts, or None."""
    rubric: dict[str, Any]
    """As it was read, with the defaults filled in."""
    items: tuple[RubricItem, ...]
    """The columns of a table, in their order."""
    ids: tuple[str, ...]
    """Of all submissions, in the order of the folder, whether they are graded yet or not."""
    roster: tuple[Student, ...] = ()
    missing: tuple[str, ...] = ()
    """IDs of the roster of which there is no submission."""
    versions: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    """What was noticed while the submissions were collected."""
    anonymous: bool = False
    format: int = FORMAT

    @property
    def language(self) -> str:
        """Of what the records say, and so of the pages made from them."""
        return str(self.options.get("language", "en"))

    def to_json(self) -> bytes:
        """The file's content."""
        return _encoded(self)

    @classmethod
    def from_json(cls, data: bytes, name: str = "run.json") -> Run:
        """The run in a file's content; `name` names the file in messages.

        Raises:
            RecordError: it is damaged, or of another format.
        """
        return _decoded(data, cls, name)


R = TypeVar("R", Record, Run)


def _encoded(value: Record | Run) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n"


def _decoded(data: bytes, cls: type[R], name: str) -> R:
    try:
        found = msgspec.json.decode(data, type=cls)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise RecordError(str(Message("grade.damaged", name=name, error=str(error)))) from error
    if found.format != FORMAT:
        raise RecordError(
            str(Message("grade.format", name=name, format=found.format, known=FORMAT))
        )
    return found
