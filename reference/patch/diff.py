"""The changes as a unified diff that `patch -p1` and `git apply` accept."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterator
from pathlib import Path

from trigrad.messages import Message
from trigrad.patch.patching import Part, Patched


def unified(patched: Patched, below: Path) -> bytes:
    """The diff of a file, whose path is relative to a folder; of a notebook, one for each cell.

    It is in the file's own encoding, because a program that applies it compares bytes.
    """
    shown = _shown(patched.path, below)
    name = encoding_of(patched)
    mark = "\N{ZERO WIDTH NO-BREAK SPACE}" if patched.encoding.mark else ""
    found = []
    for part in patched.parts:
        for number, line in enumerate(_lines(part, shown, mark)):
            header = number < 2  # names files, which are not in the encoding of any text
            found.append(os.fsencode(line) if header else line.encode(name, "backslashreplace"))
    return b"".join(found)


def encoding_of(patched: Patched) -> str:
    """The encoding of a file's diff: the file's, but UTF-8 for UTF-16, which no program reads."""
    name = patched.encoding.name
    return "utf-8" if name.startswith("utf-16") else name


def _shown(path: Path, below: Path) -> str:
    try:
        return path.relative_to(below.resolve()).as_posix()
    except ValueError:  # it is somewhere else; a patch must not name a path above its folder
        return path.name


def _lines(part: Part, shown: str, mark: str) -> Iterator[str]:
    place = Message("place.cell_of_file", file=shown, cell=part.cell or 0)
    name = shown if part.cell is None else str(place)
    before, after = part.before, part.after
    if part.cell is None:
        before, after = mark + before, mark + after
    else:  # the last line of a cell never has a line end: it is not worth a remark
        before, after = _ended(before), _ended(after)
    names = _header(f"a/{name}"), _header(f"b/{name}")
    for line in difflib.unified_diff(_kept(before), _kept(after), *names):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _header(name: str) -> str:
    """A file's name for the diff: a name with a space ends with a tab, an odd one is quoted."""
    if re.search(r'[\x00-\x1f\x7f"\\]', name):
        return f'"{"".join(map(_quoted, os.fsencode(name)))}"'
    return f"{name}\t" if " " in name else name


def _quoted(byte: int) -> str:
    plain = 0x20 <= byte < 0x7F and chr(byte) not in '"\\'
    return chr(byte) if plain else f"\\{byte:03o}"


def _kept(text: str) -> list[str]:
    """Lines as patch counts them, with their line ends."""
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _ended(text: str) -> str:
    return text if text.endswith("\n") or not text else f"{text}\n"
