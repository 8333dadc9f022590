"""The folder of a graded class: `run.json`, and a record for each submission.

A file there is whole or not there, whenever the machine stops.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from trigrad.grade.record import Outcome, Record, RecordError, Run
from trigrad.messages import Message


class StoreError(Exception):
    """The folder cannot be written to, or has nothing to read; the message says why."""


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file in one step: a reader sees the old content, or all of the new one.

    Raises:
        StoreError: it cannot be written; then nothing has changed.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.parent / f".{path.name}.{secrets.token_hex(4)}.tmp"
        try:
            with beside.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.replace(beside, path)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
        _sync(path.parent)
    except OSError as error:
        raise StoreError(
            str(Message("file.not_written", file=str(path), why=str(error.strerror or error)))
        ) from error


def _sync(folder: Path) -> None:
    """Have the disk know the new name, too; Windows has no such call."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@dataclass(frozen=True)
class Store:
    """Reads and writes the files of one folder."""

    folder: Path

    @property
    def _run(self) -> Path:
        return self.folder / "run.json"

    def _record(self, id_: str) -> Path:
        return self.folder / "records" / f"{id_}.json"

    def write_run(self, run: Run) -> None:
        """Write what was asked for.

        Raises:
            StoreError: it cannot be written.
        """
        write_atomically(self._run, run.to_json())

    def read_run(self) -> Run:
        """What was asked for.

        Raises:
            StoreError: there is no such file.
            RecordError: it is damaged.
        """
        try:
            return Run.from_json(self._run.read_bytes(), str(self._run))
        except OSError as error:
            why = error.strerror or str(error)
            raise StoreError(
                str(Message("grade.no_class", folder=str(self.folder), why=why))
            ) from error

    def write(self, record: Record) -> None:
        """Write a record in place of the one that there is.

        Raises:
            StoreError: it cannot be written.
        """
        write_atomically(self._record(record.id), record.to_json())

    def read(self, id_: str) -> Record | None:
        """The record of a submission; None if there is none.

        Raises:
            StoreError: it cannot be read.
            RecordError: it is damaged.
        """
        path = self._record(id_)
        try:
            return Record.from_json(path.read_bytes(), str(path))
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StoreError(
                str(Message("file.not_read", file=str(path), why=str(error.strerror or error)))
            ) from error

    def graded(self, id_: str, key: str) -> Record | None:
        """The whole record of a submission that was graded with this key; None if there is none.

        One of which the grader died does not count: perhaps the machine was to blame.

        Raises:
            StoreError: it cannot be read.
        """
        try:
            found = self.read(id_)
        except RecordError:
            return None  # it is graded again
        if found is None or found.key != key or found.outcome is Outcome.GRADER_DIED:
            return None
        return found

    def records(self, ids: Sequence[str]) -> Records:
        """The records that there are of these submissions."""
        return Records(self, tuple(ids))


@dataclass(frozen=True)
class Records:
    """The records of a run, read from the disk one by one each time they are gone through.

    So a class of thousands takes no more memory than one of ten.
    """

    store: Store
    ids: tuple[str, ...]

    def __iter__(self) -> Iterator[Record]:
        """Each record in turn.

        Raises:
            StoreError, RecordError: one cannot be read.
        """
        for id_ in self.ids:
            if (record := self.store.read(id_)) is not None:
                yield record
