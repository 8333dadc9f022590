"""A file with a repair's changes made in it: read, replaced, and read again to make sure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from trigrad.messages import Message
from trigrad.patch.encoding import Encoding, text_of
from trigrad.patch.lines import joined, spliced, split
from trigrad.patch.notebook import code_cells, source_of, with_sources
from trigrad.patch.refusal import RefusedError
from trigrad.repair.line_changes import LineChange, line_changes
from trigrad.repair.result import Change
from trigrad.subject.source.chunks import chunks_of
from trigrad.subject.source.text import Chunk, UnreadableError, lines_of

Key = tuple[int | None, int]
"""Which chunk of a file: its cell, its block."""


@dataclass(frozen=True)
class Part:
    """A text that a diff is shown of: the whole file, or the source of a notebook's cell."""

    cell: int | None
    before: str
    after: str


@dataclass(frozen=True)
class Patched:
    """A file as it is and as it should be."""

    path: Path
    data: bytes
    fixed: bytes
    parts: tuple[Part, ...]
    encoding: Encoding


def patched(path: Path, changes: Sequence[Change]) -> Patched:
    """A file with changes made in it; nothing is written.

    Raises:
        RefusedError: it cannot be read, it has changed since the changes were found, or it is not
            clear which of its characters are to be replaced.
    """
    shown = path.name
    try:
        data = path.read_bytes()
        chunks = {(c.cell, c.block): c for c in chunks_of(data, path.suffix, shown)}
    except OSError as error:
        raise RefusedError(
            str(Message("file.not_read", file=shown, why=str(error.strerror or error)))
        ) from error
    except UnreadableError as error:
        raise RefusedError(str(error)) from error
    wanted: dict[Key, list[LineChange]] = {}
    for change in dict.fromkeys(changes):
        key = (change.where.cell, change.block)
        _check_unchanged(chunks.get(key), change, shown)
        wanted.setdefault(key, []).extend(line_changes(change))
    notebook = path.suffix.lower() == ".ipynb"
    markdown = path.suffix.lower() in (".md", ".markdown")
    text, encoding = text_of(data, python=not (notebook or markdown), shown=shown)
    if notebook:
        after, parts = _in_cells(text, chunks, wanted, shown)
    else:
        after = _in_text(text, chunks, wanted, shown)
        parts = [Part(None, text, after)]
    try:
        fixed = encoding.encoded(after)
    except UnicodeEncodeError as error:
        raise RefusedError(
            str(Message("patch.not_encoded", file=str(shown), encoding=encoding.name))
        ) from error
    _check_read_again(fixed, path.suffix, chunks, wanted, shown)
    return Patched(path, data, fixed, tuple(parts), encoding)


def _check_unchanged(chunk: Chunk | None, change: Change, shown: str) -> None:
    """Compare a change with the file as it is now: its lines must be those that were read."""
    before = change.before.split("\n") if change.before else []
    code = lines_of(chunk.text) if chunk is not None else []
    first = change.where.line - 1
    there = chunk is not None and 0 <= first <= len(code)
    if not there or code[first : first + len(before)] != before:
        raise RefusedError(str(Message("patch.changed", file=str(shown))))


def _in_text(
    text: str, chunks: Mapping[Key, Chunk], wanted: Mapping[Key, Sequence[LineChange]], shown: str
) -> str:
    lines = split(text)
    # From the last block to the first: inserted lines move only what is already done.
    for key in sorted(wanted, key=lambda key: key[1], reverse=True):
        lines = spliced(lines, lines_of(chunks[key].text), wanted[key], shown)
    return joined(lines)


def _in_cells(
    text: str, chunks: Mapping[Key, Chunk], wanted: Mapping[Key, Sequence[LineChange]], shown: str
) -> tuple[str, list[Part]]:
    cells = code_cells(text, shown)
    sources, parts = {}, []
    for key in sorted(wanted, key=lambda key: key[0] or 0):
        chunk = chunks[key]
        assert chunk.cell is not None, "every chunk of a notebook is a cell"
        span = cells[chunk.cell - 1]
        before = source_of(text, span)
        lines = spliced(split(before), lines_of(chunk.text), wanted[key], chunk.place)
        sources[span] = joined(lines)
        parts.append(Part(chunk.cell, before, sources[span]))
    return with_sources(text, sources), parts


def _check_read_again(
    fixed: bytes,
    suffix: str,
    chunks: Mapping[Key, Chunk],
    wanted: Mapping[Key, Sequence[LineChange]],
    shown: str,
) -> None:
    """Read the fixed file as the old one was read: only the wanted lines may have changed."""
    try:
        found = {(c.cell, c.block): _code(c) for c in chunks_of(fixed, suffix, shown)}
    except UnreadableError as error:
        raise RefusedError(
            str(Message("patch.not_read_again", file=str(shown), error=str(error)))
        ) from error
    due = {key: _code(chunk, wanted.get(key, ())) for key, chunk in chunks.items()}
    if found != due:
        raise RefusedError(str(Message("patch.other_lines", file=str(shown))))


def _code(chunk: Chunk, changed: Sequence[LineChange] = ()) -> str:
    """A chunk's code, without the empty lines that keep its line numbers."""
    lines = lines_of(chunk.text)
    for piece in sorted(changed, key=lambda p: (p.line, bool(p.before)), reverse=True):
        lines[piece.line - 1 : piece.line - 1 + len(piece.before)] = piece.after
    code = "\n".join(lines)
    return code.strip("\n") if chunk.block else code
