"""A fixed file written in place of the old one, with a backup beside it."""

from __future__ import annotations

import itertools
import os
import stat
import tempfile
from pathlib import Path

from trigrad.patch.patching import Patched
from trigrad.patch.refusal import RefusedError


def write(patched: Patched) -> Path:
    """Write a fixed file, whole or not at all, and return the path of the old one's backup.

    A link is followed; the file keeps its mode. No other file is ever overwritten.

    Raises:
        RefusedError: the file is read-only, has changed since, or its folder can't be written to.
    """
    path = Path(os.path.realpath(patched.path))
    try:
        return _write(path, patched)
    except OSError as error:
        raise RefusedError(f"{path} cannot be written: {error.strerror or error}") from error


def refuse_if_closed(patched: Patched) -> None:
    """Make sure that a file may be written.

    Raises:
        RefusedError: it is read-only.
    """
    path = Path(os.path.realpath(patched.path))
    mode = path.stat().st_mode
    # Replacing a file does not need write permission for it, and root needs none: so ask here.
    if not mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH) or not os.access(path, os.W_OK):
        raise RefusedError(f"{path} is read-only: nothing is written")


def _write(path: Path, patched: Patched) -> Path:
    was = path.stat()
    refuse_if_closed(patched)
    backup = _backed_up(path, patched.data, was)
    handle, name = tempfile.mkstemp(prefix=f".{path.name[:100]}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(patched.fixed)
            file.flush()
            os.fsync(file.fileno())
        _given(name, was)
        if path.read_bytes() != patched.data:
            raise RefusedError(f"{path} has changed since it was read; run this again")
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        backup.unlink()  # the file is unchanged
        raise
    return backup


def _backed_up(path: Path, data: bytes, was: os.stat_result) -> Path:
    """The file's bytes in a new file beside it: `.bak`, `.bak1`, … the first that is free."""
    for number in itertools.count():
        backup = path.with_name(f"{path.name}.bak{number or ''}")
        try:
            with open(backup, "xb") as file:
                file.write(data)
        except FileExistsError:
            continue
        _given(backup, was)
        return backup
    raise AssertionError("there is always another number")


def _given(path: Path | str, was: os.stat_result) -> None:
    """Give a file the old one's mode, and its owner too where root writes."""
    if os.name == "posix" and os.geteuid() == 0:
        os.chown(path, was.st_uid, was.st_gid)
    os.chmod(path, stat.S_IMODE(was.st_mode))
