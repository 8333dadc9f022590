"""Read a file, notebook, Markdown page or folder, and all modules that it imports.

Nothing is run here. The lines of a chunk keep their numbers, so that a line number in it is a line
number in the learner's own cell or file.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from trigrad.messages import Message
from trigrad.subject.source.chunks import CODE_SUFFIXES, chunks_of
from trigrad.subject.source.reading_limits import bytes_of
from trigrad.subject.source.repository import files_below
from trigrad.subject.source.resolution import key_of, with_neighbours
from trigrad.subject.source.surroundings import around_file, around_module
from trigrad.subject.source.text import Chunk, Module, Source, UnreadableError, lines_of, one_line

__all__ = [
    "CODE_SUFFIXES",
    "Chunk",
    "Module",
    "Source",
    "UnreadableError",
    "by_file",
    "lines_of",
    "read",
    "there",
]

_ARCHIVE = Message("unread.archive")
_DOCUMENT = Message("unread.document")
_NOT_READ = {
    ".ipynb": Message("unread.notebook"),
    **dict.fromkeys((".zip", ".rar", ".7z", ".tar", ".tgz"), _ARCHIVE),
    **dict.fromkeys((".docx", ".doc", ".odt", ".rtf", ".pages", ".pdf"), _DOCUMENT),
}
"""By suffix: why a file in a folder that may contain code is not read."""


def read(path: Path) -> Source:
    """Read a `.py`, `.ipynb` or `.md` file, or a folder of modules, and what they import.

    Raises:
        UnreadableError: the path does not exist, has no Python in it, or cannot be decoded.
    """
    if there(path) and path.is_dir():
        return _read_folder(path)
    if not there(path) and os.path.islink(path):
        raise UnreadableError(str(Message("path.broken_link", path=str(path))))
    if not there(path):
        raise UnreadableError(str(Message("path.none", path=str(path))))
    if path.suffix.lower() not in CODE_SUFFIXES:
        kinds = ", ".join(CODE_SUFFIXES)
        raise UnreadableError(str(Message("path.kind", path=str(path), kinds=kinds)))
    if not path.is_file():
        raise UnreadableError(str(Message("path.not_regular", path=str(path))))
    data = _bytes_of(path)
    if not data.strip():
        raise UnreadableError(str(Message("path.empty_file", path=str(path))))
    file = path.resolve()
    chunks = chunks_of(data, path.suffix, one_line(path.name))
    module = Module(one_line(path.stem), key_of(file), chunks)
    modules, notes = with_neighbours(file.parent, {file: module})
    around = around_file(file, modules)
    sha256 = hashlib.sha256(data).hexdigest()
    return Source(one_line(str(path)), sha256, modules, notes, around=around)


def by_file(source: Source) -> list[Source]:
    """A source for each file of a folder, with what it imports and the text around it."""
    return [
        replace(part, around=around_module(part.modules[0].key, source.modules, part.modules))
        if len(source.modules) > 1
        else replace(part, around=source.around)
        for part in source.by_file()
    ]


def there(path: Path) -> bool:
    """Whether a path exists; False for a path that is not valid."""
    try:
        return path.exists()
    except (OSError, ValueError):  # a name that is too long, or a null character
        return False


def _bytes_of(path: Path) -> bytes:
    try:
        return bytes_of(path, str(path))
    except OSError as error:
        raise UnreadableError(
            str(Message("file.not_read", file=str(path), why=str(error.strerror or error)))
        ) from error


def _read_folder(folder: Path) -> Source:
    found, complete = files_below(folder)
    files = sorted(file for file in found if file.name.endswith(".py"))
    if not files:
        others = sorted(p.name for p in folder.glob("*") if p.suffix in CODE_SUFFIXES)
        reasons = _not_python(folder, found)[:3]
        shown = str(folder)
        said = Message("folder.no_python", folder=shown)
        if others:
            said = Message("folder.no_python.others", folder=shown, files=", ".join(others[:3]))
        elif reasons:
            said = Message("folder.no_python.why", folder=shown, why="; ".join(reasons))
        raise UnreadableError(str(said))
    digest = hashlib.sha256()
    notes = [] if complete else [str(Message("folder.large"))]
    notes += _not_python(folder, found)
    unread: list[tuple[str, str]] = []
    listed: dict[Path, Module] = {}
    for file in files:
        relative = file.relative_to(folder)
        shown = one_line(str(relative))
        try:
            data = _bytes_of(file)
            digest.update(os.fsencode(relative) + b"\0" + data + b"\0")
            chunks = chunks_of(data, file.suffix, shown)
        except UnreadableError as error:
            unread.append((shown, str(error)))  # the other files are judged
            continue
        if not data.strip() and file.name != "__init__.py":
            notes.append(str(Message("unread.empty", file=str(shown))))
        name = ".".join(relative.with_suffix("").parts).removesuffix(".__init__")
        resolved = file.resolve()
        listed.setdefault(resolved, Module(one_line(name), key_of(resolved), chunks))
    modules, more = with_neighbours(folder.resolve(), listed)
    told = {why for _, why in unread}
    notes = [*notes, *(note for note in more if note not in told)]
    sha256 = digest.hexdigest()
    return Source(one_line(str(folder)), sha256, modules, tuple(notes), tuple(unread))


def _not_python(folder: Path, files: Iterable[Path]) -> list[str]:
    """A sentence for each file of a folder that may contain code and cannot be read."""
    found = sorted((file, _NOT_READ.get(file.suffix.lower(), "")) for file in files)
    return [
        one_line(str(Message("unread.not", file=str(file.relative_to(folder)), why=why)))
        for file, why in found
        if why
    ]
