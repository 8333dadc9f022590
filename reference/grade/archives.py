"""Read a zip or tar file that somebody else has made.

Nothing is written here, and no member is believed: not its name, not its size. A member is yielded
only if it is a plain file; of everything else there is a note. A budget limits how much is
unpacked, so that a bomb ends as a note.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import re
import stat
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from trigrad.grade.names import inside, is_junk, shown
from trigrad.messages import Message

SUFFIXES = (".zip", ".tar", ".tgz", ".tbz2", ".txz", ".tar.gz", ".tar.bz2", ".tar.xz")
OTHER_SUFFIXES = (".7z", ".rar", ".gz", ".bz2", ".xz", ".zst", ".lzh", ".cab")
"""Archives that are not unpacked here."""

_CHUNK = 1 << 20
_LARGEST_ARCHIVE = 100_000_000
_OPENERS: dict[bytes, Callable[..., Any]] = {
    b"\x1f\x8b": gzip.open,
    b"BZh": bz2.open,
    b"\xfd7zXZ": lzma.open,
}
"""By the first bytes of a file: what uncompresses it."""

_ENTRY = b"PK\x01\x02"
"""Begins each entry of a zip file's directory, which zipfile reads as a whole."""

_UTF_8 = 0x800
_ENCRYPTED = 0x1


class ArchiveError(Exception):
    """An archive of which nothing can be read; the message is a predicate: `is encrypted`."""


class TooMuchError(ArchiveError):
    """The budget is used up."""


@dataclass
class Budget:
    """How much of a submission is unpacked and copied."""

    files: int = 2_000
    bytes: int = 200_000_000

    def take(self, size: int) -> None:
        """Use some of it.

        Raises:
            TooMuchError: it is used up.
        """
        self.bytes -= size
        if self.bytes < 0:
            raise TooMuchError(str(Message("archive.large")))

    def count(self) -> None:
        """Use it for one more file.

        Raises:
            TooMuchError: it is used up.
        """
        self.files -= 1
        if self.files < 0:
            raise TooMuchError(str(Message("archive.files")))


@dataclass(frozen=True)
class Member:
    """A plain file in an archive: its path below a folder, and a function that reads it."""

    path: str
    read: Callable[[Budget], bytes]


def is_archive(name: str) -> bool:
    """Whether a file of that name is unpacked here."""
    return name.lower().endswith(SUFFIXES)


def left_out(path: str, why: str) -> Message:
    """The note on a file that is not taken."""
    return Message("taken.left_out", path=shown(path), why=why)


def members(path: Path, budget: Budget, notes: list[Message]) -> Iterator[Member]:
    """The plain files of an archive. What is left out is added to the notes.

    A member is read before the next one is asked for.

    Raises:
        ArchiveError: it cannot be read, or not to its end.
        OSError: the file itself cannot be read.
    """
    if path.stat().st_size > _LARGEST_ARCHIVE:
        raise ArchiveError(str(Message("archive.file_large")))
    reader = _zip_members if path.name.lower().endswith(".zip") else _tar_members
    entries = reader(path, budget)
    while True:
        with _errors():
            entry = next(entries, None)
        if entry is None:
            return
        name, why, member = entry
        budget.count()
        below = inside(name)
        if below is None:
            notes.append(left_out(name, str(Message("archive.outside"))))
        elif is_junk(below):
            continue
        elif why:
            notes.append(left_out(below, why))
        elif member is not None:
            yield Member(below, member)


@contextmanager
def _errors() -> Iterator[None]:
    """What libraries raise for damaged archives, as our own."""
    try:
        yield
    except (zipfile.BadZipFile, tarfile.TarError, lzma.LZMAError, EOFError, zlib.error) as error:
        raise ArchiveError(str(Message("archive.damaged", error=str(error)))) from error
    except (NotImplementedError, RuntimeError, ValueError, OverflowError) as error:
        raise ArchiveError(str(Message("archive.not_unpacked", error=str(error)))) from error


Entry = tuple[str, str, Callable[[Budget], bytes] | None]
"""A member's name, why it is left out, and what reads it; neither of the two for a folder."""


def _zip_members(path: Path, budget: Budget) -> Iterator[Entry]:
    if path.read_bytes().count(_ENTRY) > 2 * budget.files:
        raise TooMuchError(str(Message("archive.files")))
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            mode = info.external_attr >> 16
            why = str(Message("taken.link")) if stat.S_ISLNK(mode) else ""
            if info.flag_bits & _ENCRYPTED:
                raise ArchiveError(str(Message("archive.encrypted")))

            def read(budget: Budget, info: zipfile.ZipInfo = info) -> bytes:
                with _errors(), archive.open(info) as file:
                    return _read(file, budget)

            yield _zip_name(info), why, None if info.is_dir() else read


def _zip_name(info: zipfile.ZipInfo) -> str:
    """The name of a member; those not marked as UTF-8 may be so all the same, or Shift-JIS."""
    name = info.orig_filename.split("\0")[0]
    if info.flag_bits & _UTF_8 or name.isascii():
        return name
    raw = name.encode("cp437")  # which zipfile has decoded
    for encoding in ("utf-8", "cp932"):
        try:
            decoded = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        # A Western letter, read as Shift-JIS, is at most one kanji by itself.
        if encoding == "utf-8" or re.search(r"[\u3040-\u30ff\u4e00-\u9fff]{2}", decoded):
            return decoded
    return name


def _tar_members(path: Path, budget: Budget) -> Iterator[Entry]:
    # Unpacked first, within the budget: of a compressed tar file, a header alone may be a bomb.
    with tempfile.TemporaryFile() as plain:
        for chunk in _decompressed(path):
            budget.take(len(chunk))
            plain.write(chunk)
        plain.seek(0)
        with tarfile.open(fileobj=plain, mode="r:") as archive:
            for info in archive:
                why = "" if info.isfile() or info.isdir() else str(Message("archive.device"))

                def read(budget: Budget, info: tarfile.TarInfo = info) -> bytes:
                    with _errors():
                        file = archive.extractfile(info)
                        assert file is not None, "only of plain files"
                        return _read(file, budget)

                yield info.name, why, read if info.isfile() else None


def _decompressed(path: Path) -> Iterator[bytes]:
    """The content in chunks, uncompressed; a file that is not compressed as it is."""
    with path.open("rb") as file:
        start = file.read(6)
    opener = next((each for magic, each in _OPENERS.items() if start.startswith(magic)), open)
    try:
        with opener(path, "rb") as file:
            while chunk := file.read(_CHUNK):
                yield chunk
    except OSError as error:
        if error.errno is None:  # gzip's and bz2's own, on data
            raise ArchiveError(str(Message("archive.damaged", error=str(error)))) from error
        raise


def _read(file: IO[bytes], budget: Budget) -> bytes:
    parts = []
    while chunk := file.read(_CHUNK):
        budget.take(len(chunk))
        parts.append(chunk)
    return b"".join(parts)
