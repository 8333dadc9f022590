"""Names of students and of files, as they can be written to any disk and into any table."""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from pathlib import PurePosixPath

from trigrad.subject.source.text import one_line

_LONGEST = 60
"""Characters of an ID; four bytes each at most, which every file system takes."""

_JUNK = {"__macosx", ".ds_store", "thumbs.db", "desktop.ini", "__pycache__", ".ipynb_checkpoints"}
"""What operating systems and Jupyter add."""

_UNSAFE = re.compile(r"[^\w.@+-]")

_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.I)
"""Windows opens a device by such a name."""


def safe_id(name: str) -> str:
    """The name as an ID that is safe as a file's name.

    Letters of all alphabets stay. Where anything has to be replaced, a digest of the name is added,
    so that two names never become one ID.
    """
    plain = unicodedata.normalize("NFC", name)
    safe = _UNSAFE.sub("_", plain.strip()).lstrip(".-")[:_LONGEST].rstrip(".")
    if safe == plain and safe and not _RESERVED.fullmatch(safe):
        return safe
    return f"{safe or 'x'}-{hashlib.sha256(os.fsencode(name)).hexdigest()[:8]}"


def shown(path: str) -> str:
    """The path in one printable line of Unicode, whatever bytes it has."""
    return one_line(os.fsencode(path).decode("utf-8", "backslashreplace"))


def is_junk(path: str) -> bool:
    """Whether an operating system or a tool has added it, or it is hidden: nobody handed it in."""
    parts = PurePosixPath(path).parts
    return any(part.lower() in _JUNK or part.startswith(".") for part in parts)


def inside(name: str) -> str | None:
    """The name of an archive's member as a path below a folder; None if it leads outside.

    Backslashes separate folders, as in archives that were made on Windows.
    """
    parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".")]
    absolute = name.startswith(("/", "\\")) or re.match(r"[A-Za-z]:", name)
    if absolute or ".." in parts or not parts or "\0" in name:
        return None
    return "/".join(parts)
