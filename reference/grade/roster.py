"""Who should have handed in something: a table of names, matched with the submissions.

With pseudonyms, the only place that knows both is a file that is kept apart.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from trigrad.grade.hiding import covered_words, words_of
from trigrad.grade.names import safe_id
from trigrad.grade.record import Student
from trigrad.grade.store import write_atomically
from trigrad.grade.submissions import Submission, SubmissionsError, rows_of
from trigrad.messages import Message

_IDS = ("id", "username", "id number", "student id", "sis user id", "email address", "email")
_NAMES = ("name", "full name", "student name", "student", "氏名", "名前", "姓名")
_FIRST = ("first name", "firstname", "名")
_LAST = ("last name", "surname", "lastname", "姓")


@dataclass(frozen=True)
class Class:
    """The submissions of a class, under the names of its roster."""

    submissions: tuple[Submission, ...]
    students: tuple[Student, ...] = ()
    missing: tuple[str, ...] = ()
    strangers: tuple[str, ...] = ()
    """IDs of the submissions of which the roster knows nobody."""


def matched(found: Sequence[Submission], roster: Path) -> Class:
    """The submissions with the roster's IDs and names, and who is missing.

    The column with the IDs is the one that knows most submissions; a submission that is in none is
    looked for by its name.

    Raises:
        SubmissionsError: the roster cannot be read, or knows none of the submissions.
    """
    rows = rows_of(roster)
    if not rows:
        raise SubmissionsError(str(Message("roster.empty", roster=str(roster))))
    ids = {one.id.casefold() for one in found}
    known = {head: sum(_key(row[head]) in ids for row in rows) for head in rows[0]}
    usual = next((head for head in _IDS if head in known), next(iter(known)))
    column = max(known, key=lambda head: (known[head], head == usual))
    names = [_name(row) for row in rows]
    # Of a student without an ID, who may have one of another kind, the name is left.
    values = [row[column] or name for row, name in zip(rows, names, strict=True)]
    listed = [Student(safe_id(v), n or v) for v, n in zip(values, names, strict=True) if v]
    unnamed = {safe_id(v) for v, name in zip(values, names, strict=True) if not name}
    students = {student.id.casefold(): student for student in listed}
    if len(students) < len(listed):
        many = Counter(student.id.casefold() for student in listed).most_common()
        twice = _few([students[id_].id for id_, count in many if count > 1])
        raise SubmissionsError(
            str(Message("roster.twice", roster=str(roster), column=repr(column), twice=twice))
        )
    by_name: dict[frozenset[str], list[Student]] = {}
    for student in listed:
        by_name.setdefault(_words(student.name), []).append(student)
    renamed, strangers = [], []
    for one in found:
        same = by_name.get(_words(one.name), [])
        its = students.get(one.id.casefold()) or (same[0] if len(same) == 1 else None)
        if its is None:
            strangers.append(one.id)
            renamed.append(one)
        else:
            name = one.name if its.id in unnamed else its.name
            renamed.append(replace(one, id=its.id, name=name))
    if len(strangers) == len(found):
        raise SubmissionsError(
            str(
                Message(
                    "roster.none",
                    ids=_few([one.id for one in found]),
                    roster=str(roster),
                    column=repr(column),
                    theirs=_few([value for value in values if value]),  # as they are written
                )
            )
        )
    here = {one.id for one in renamed}
    absent = tuple(student.id for student in listed if student.id not in here)
    return Class(tuple(renamed), tuple(listed), absent, tuple(strangers))


def _key(value: str) -> str:
    return safe_id(value).casefold() if value else ""


def _name(row: dict[str, str]) -> str:
    whole = next((row[head] for head in _NAMES if row.get(head)), "")
    first = next((row[head] for head in _FIRST if row.get(head)), "")
    last = next((row[head] for head in _LAST if row.get(head)), "")
    return whole or f"{first} {last}".strip()


def _words(name: str) -> frozenset[str]:
    """What two spellings of a name have in common: `Berg, Anna` and `anna berg`."""
    return frozenset(name.casefold().replace(",", " ").split())


def _few(names: Sequence[str]) -> str:
    first, more = ", ".join(names[:5]), len(names) - 5
    return str(Message("found.more", names=first, count=more)) if more > 0 else first


def _hidden(one: Submission, pseudonym: str) -> Submission:
    words = words_of(one.id, one.name)
    refused = covered_words(one.refused, words)
    return replace(one, id=pseudonym, name=pseudonym, path=pseudonym, refused=refused, hidden=words)


def pseudonymous(named: Class, folder: Path) -> Class:
    """The same under pseudonyms; `names.json` in the folder has the salt and who is who.

    The submissions stay in their order. With the same folder, a student has the same pseudonym
    again.

    Raises:
        SubmissionsError: the map there is damaged.
        StoreError: it cannot be written.
    """
    file = folder / "names.json"
    known = _read_map(file)

    def new(name: str) -> str:
        return "s" + hmac.new(known.salt.encode(), name.encode(), hashlib.sha256).hexdigest()[:10]

    people = {student.id: student.name for student in named.students}
    people |= {one.id: one.name for one in named.submissions}
    who = {**known.names, **{new(id_): Student(id_, name) for id_, name in people.items()}}
    write_atomically(file, msgspec.json.format(msgspec.json.encode(_Map(known.salt, who))))
    hidden = [_hidden(one, new(one.id)) for one in named.submissions]
    return Class(
        tuple(hidden),
        tuple(sorted((Student(new(s.id), new(s.id)) for s in named.students), key=lambda s: s.id)),
        tuple(sorted(map(new, named.missing))),
        tuple(sorted(map(new, named.strangers))),
    )


def _read_map(file: Path) -> _Map:
    """The map in a file; a new one is made there first, of parts that begin at once only one."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError), file.open("xb") as new:
            new.write(msgspec.json.encode(_Map(secrets.token_hex(16))))
        return msgspec.json.decode(file.read_bytes(), type=_Map)
    except (OSError, msgspec.DecodeError) as error:
        raise SubmissionsError(
            str(Message("file.not_read", file=str(file), why=str(error)))
        ) from error


@dataclass(frozen=True)
class _Map:
    salt: str
    names: dict[str, Student] = field(default_factory=dict)
