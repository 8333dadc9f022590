"""Take a submission: its Python, notebooks and Markdown, into a folder of its own.

Links are not followed, archives are unpacked, and everything else is left out with a note. What is
judged is only what lies in that folder, so that no student's file is beside another's.
"""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC
from pathlib import Path, PurePosixPath

from trigrad.grade.archives import (
    OTHER_SUFFIXES,
    ArchiveError,
    Budget,
    TooMuchError,
    is_archive,
    left_out,
    members,
)
from trigrad.grade.hiding import covered_note, new_paths
from trigrad.grade.names import is_junk, shown
from trigrad.grade.record import Taken, TakenFile
from trigrad.grade.submissions import Part, Submission, stem
from trigrad.messages import Message
from trigrad.subject.source.sources import CODE_SUFFIXES

_LARGEST = 100_000_000
"""Bytes of a file; a larger one is not read."""

_MOST = 200
"""Files that are judged: nobody writes as many by hand."""

_DEPTH = 12
_NOTES = 20
_NESTED = 2
"""So many archives may be in each other."""

_OF_THE_MACHINE = {
    errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EIO, errno.EROFS
}  # fmt: skip
"""Errors for which no student is to blame."""

File = tuple[str, Path]
"""A path within the submission, and where the file is."""


def take(submission: Submission, into: Path, anonymous: bool = False) -> Taken:
    """Copy what can be judged into the folder `into`, which is empty, and say what that is.

    Nothing is raised for what is wrong with a submission: that is in the notes.

    Raises:
        OSError: the disk is full, or the machine has another trouble of its own.
    """
    taker = _Taker(into, Budget())
    kind = _kind(submission)
    # Archives come last, so that a bomb among them takes nothing from the other files.
    for file, place in sorted(_files(submission.parts, taker.notes), key=_archives_last):
        taker.take(file if not anonymous or kind == "folder" else _neutral(file), place, 0)
    if submission.hidden:
        taker.hide(submission.hidden)
    time = submission.submitted
    files = sorted(taker.files, key=lambda file: file.path)
    digest = hashlib.sha256("".join(f"{f.sha256} {f.path}\n" for f in files).encode())
    dropped = len(taker.notes) - _NOTES
    more = [str(Message("taken.more", more=dropped))] if dropped > 0 else []
    return Taken(
        path=submission.path,
        kind=kind,
        sha256=digest.hexdigest(),
        files=tuple(files),
        notes=(*map(str, taker.notes[:_NOTES]), *more),
        submitted=time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if time else None,
    )


def _archives_last(file: File) -> tuple[bool, str]:
    return is_archive(file[0]), file[0]


def digest_of(submission: Submission) -> str:
    """A digest of what lies there, without unpacking it: of names and contents, and of the time."""
    digest = hashlib.sha256(
        repr((submission.id, submission.name, submission.submitted, submission.refused)).encode()
    )
    for file, place in sorted(_files(submission.parts, [])):
        digest.update(os.fsencode(file) + b"\0")
        try:
            size = place.stat().st_size
            digest.update(str(size).encode() + b"\0")
            if size <= _LARGEST:
                digest.update(hashlib.sha256(place.read_bytes()).digest())
        except OSError as error:
            digest.update(str(error.errno).encode())
    return digest.hexdigest()


def _kind(submission: Submission) -> str:
    if any(not part.name for part in submission.parts):
        return "folder"
    return "archive" if any(is_archive(part.name) for part in submission.parts) else "file"


def _neutral(name: str) -> str:
    """A name for a file that was named after its student."""
    return "submission" + name[len(stem(name)) :]


def _files(parts: Sequence[Part], notes: list[Message]) -> Iterator[File]:
    """All plain files of a submission."""
    for part in parts:
        if part.name:
            yield part.name, part.path
        else:
            yield from _below(part.path, "", notes)


def _below(folder: Path, prefix: str, notes: list[Message]) -> Iterator[File]:
    if prefix.count("/") > _DEPTH:
        notes.append(left_out(prefix, str(Message("taken.deep", count=_DEPTH))))
        return
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        here = prefix or str(Message("taken.folder"))
        notes.append(left_out(here, error.strerror or str(error)))
        return
    for entry in entries:
        path = prefix + entry.name
        if is_junk(entry.name):
            continue
        if entry.is_symlink():
            notes.append(left_out(path, str(Message("taken.link"))))
        elif entry.is_dir():
            yield from _below(Path(entry.path), f"{path}/", notes)
        elif entry.is_file():
            yield path, Path(entry.path)
        else:
            notes.append(left_out(path, str(Message("taken.no_file"))))


class _Taker:
    """Copies files into a folder, within a budget."""

    def __init__(self, into: Path, budget: Budget) -> None:
        self._into = into
        self._budget = budget
        self.files: list[TakenFile] = []
        self.notes: list[Message] = []

    def take(self, path: str, place: Path, nested: int) -> None:
        """Copy one file, or what is in it if it is an archive; or note why not."""
        try:
            if is_archive(path):
                self._unpack(path, place, nested)
            elif self._is_code(path):
                if place.stat().st_size > _LARGEST:
                    self._leave(path, str(Message("taken.large")))
                    return
                data = place.read_bytes()
                self._budget.take(len(data))
                self._budget.count()
                self._keep(path, data)
        except ArchiveError as error:
            self._leave(path, str(error))
        except OSError as error:
            if error.errno in _OF_THE_MACHINE:
                raise
            self._leave(path, error.strerror or str(error))

    def _is_code(self, path: str) -> bool:
        if path.lower().endswith(CODE_SUFFIXES):
            return True
        if path.lower().endswith(OTHER_SUFFIXES):
            self._leave(path, str(Message("taken.kind")))
        else:
            self._leave(path, str(Message("taken.no_code")))
        return False

    def _unpack(self, path: str, place: Path, nested: int) -> None:
        if nested == _NESTED:
            self._leave(path, str(Message("taken.nested")))
            return
        folder = path.rsplit(".", 1)[0].removesuffix(".tar")
        prefix = f"{folder}/" if nested or "/" in path or self.files else ""
        for member in members(place, self._budget, self.notes):
            inner = prefix + member.path
            if is_archive(inner):
                packed = self._into.parent / f"nested-{nested}{PurePosixPath(inner).suffix}"
                packed.write_bytes(member.read(self._budget))
                self.take(inner, packed, nested + 1)
                packed.unlink()
            elif self._is_code(inner):
                self._keep(inner, member.read(self._budget))

    def _keep(self, path: str, data: bytes) -> None:
        """Write a file, under a name that every disk and every table takes."""
        if len(self.files) == _MOST:
            raise TooMuchError(str(Message("taken.after", count=_MOST)))
        clean = shown(path)
        target = self._into / clean
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("xb") as file:
                file.write(data)
        except (FileExistsError, NotADirectoryError):
            self._leave(path, str(Message("taken.second")))
            return
        except OSError as error:
            if error.errno != errno.ENAMETOOLONG:
                raise
            self._leave(path, str(Message("taken.long_name")))
            return
        self.files.append(TakenFile(clean, hashlib.sha256(data).hexdigest(), len(data)))

    def hide(self, words: Sequence[str]) -> None:
        """Give the files other names, and the notes, where these have one of the words in them."""
        self.notes = [covered_note(note, words) for note in self.notes]
        new = new_paths(self._into, [file.path for file in self.files], words)
        for old, name in new.items():
            if name != old:
                (self._into / name).parent.mkdir(parents=True, exist_ok=True)
                (self._into / old).rename(self._into / name)
        self.files = [replace(file, path=new[file.path]) for file in self.files]

    def _leave(self, path: str, why: str) -> None:
        self.notes.append(left_out(path, why))
