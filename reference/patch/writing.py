"""Fixed files written in place of the old ones, with backups beside them: all of them or none."""

from __future__ import annotations

import contextlib
import itertools
import os
import signal
import stat
import tempfile
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from trigrad.messages import Message
from trigrad.patch.patching import Patched
from trigrad.patch.refusal import RefusedError


def write_all(files: Sequence[Patched]) -> list[Path]:
    """Write fixed files, each whole, and return the paths of the old ones' backups.

    Everything is written beside the files first, where a full disk is noticed. What then follows is
    undone if it fails. A link is followed, and a file keeps its mode and its hard links. No other
    file is ever overwritten. Ctrl-C has its effect when all is done.

    Raises:
        RefusedError: a file is read-only or has changed since, or cannot be written; then all files
            are as they were, without backups.
    """
    staged: list[_Staged] = []
    with _uninterrupted(), contextlib.ExitStack() as undo:
        for each in files:
            path = Path(os.path.realpath(each.path))
            try:
                refuse_if_closed(each)
                staged.append(_staged(path, each, undo))
            except OSError as error:
                raise _refused(path, error) from error
        for ready in staged:
            try:
                _put(ready, undo)
            except OSError as error:
                raise _refused(ready.path, error) from error
        undo.pop_all()
    return [ready.backup for ready in staged]


def refuse_if_closed(patched: Patched) -> None:
    """Make sure that a file may be written.

    Raises:
        RefusedError: it is read-only.
        OSError: it is not there any more.
    """
    path = Path(os.path.realpath(patched.path))
    mode = path.stat().st_mode
    # Replacing a file does not need write permission for it, and root needs none: so ask here.
    if not mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH) or not os.access(path, os.W_OK):
        raise RefusedError(str(Message("patch.read_only", file=str(path))))


def _refused(path: Path, error: OSError) -> RefusedError:
    return RefusedError(
        str(Message("file.not_written", file=str(path), why=str(error.strerror or error)))
    )


@dataclass(frozen=True)
class _Staged:
    """A file whose old and new bytes are beside it."""

    path: Path
    patched: Patched
    new: Path
    backup: Path


def _staged(path: Path, patched: Patched, undo: contextlib.ExitStack) -> _Staged:
    was = path.stat()
    handle, name = tempfile.mkstemp(prefix=f".{path.name[:100]}.", dir=path.parent)
    new = Path(name)
    undo.callback(new.unlink, missing_ok=True)
    _fill(handle, patched.fixed)
    _given(new, was)
    handle, backup = _new_backup(path)
    undo.callback(backup.unlink, missing_ok=True)
    _fill(handle, patched.data)
    _given(backup, was)
    return _Staged(path, patched, new, backup)


def _put(staged: _Staged, undo: contextlib.ExitStack) -> None:
    """Put a file's new bytes in place."""
    path, patched = staged.path, staged.patched
    if path.read_bytes() != patched.data:
        raise RefusedError(str(Message("patch.changed", file=str(path))))
    if path.stat().st_nlink > 1:
        undo.callback(_overwrite, path, patched.data)
        _overwrite(path, patched.fixed)
        staged.new.unlink()
    else:
        os.replace(staged.new, path)
        undo.callback(os.replace, staged.backup, path)


def _overwrite(path: Path, data: bytes) -> None:
    """Change the bytes of a file that has other names, too. It is cut last, so that what was there
    before fits again, however full the disk is."""
    with path.open("r+b") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
        file.truncate()


def _fill(handle: int, data: bytes) -> None:
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _new_backup(path: Path) -> tuple[int, Path]:
    """A new file beside a file: `.bak`, `.bak1`, … the first that is free."""
    for number in itertools.count():
        backup = path.with_name(f"{path.name}.bak{number or ''}")
        with contextlib.suppress(FileExistsError):
            return os.open(backup, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), backup
    raise AssertionError("there is always another number")


def _given(path: Path, was: os.stat_result) -> None:
    """Give a file the old one's mode, and its owner too where root writes."""
    if os.name == "posix" and os.geteuid() == 0:
        os.chown(path, was.st_uid, was.st_gid)
    os.chmod(path, stat.S_IMODE(was.st_mode))


@contextlib.contextmanager
def _uninterrupted() -> Iterator[None]:
    """Hold back Ctrl-C until the end."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread is interrupted
        return
    asked: list[int] = []
    # Not a mask: it would hold for this thread alone, and another one would take the signal.
    before = signal.signal(signal.SIGINT, lambda number, _: asked.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before if before is not None else signal.SIG_DFL)
        if asked:
            signal.raise_signal(signal.SIGINT)
