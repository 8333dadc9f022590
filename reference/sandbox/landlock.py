"""Landlock: restrict which files a process and its children may read and write.

The constants are those of the Linux manual page landlock(7). Landlock needs no privileges, only
system calls.
"""

from __future__ import annotations

import ctypes
import os
import struct
from collections.abc import Iterable

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same on every architecture
_VERSION, _PATH_BENEATH = 1, 1

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = (1 << bit for bit in range(4))
_MAKE_AND_REMOVE = sum(1 << bit for bit in range(4, 13))
_REFER, _TRUNCATE = 1 << 13, 1 << 14  # from version 2 and 3 on
_TCP, _SCOPES = 0b11, 0b11  # bind and connect from version 4 on; sockets and signals from 6 on


class Ruleset:
    """Rules for files, collected while all files can still be opened, and enforced later."""

    def __init__(self, libc: ctypes.CDLL, descriptor: int, version: int) -> None:
        self._libc = libc
        self._descriptor = descriptor
        self._version = version

    def allow_reading(self, paths: Iterable[str]) -> None:
        """Allow reading these paths and everything below; paths that don't exist are ignored."""
        for path in paths:
            self._allow(path, _READ_FILE | (_READ_DIR if os.path.isdir(path) else 0))

    def allow_changing(self, path: str) -> None:
        """Allow creating, changing and removing files below a folder, or writing to a file."""
        if not os.path.isdir(path):
            self._allow(path, _READ_FILE | _WRITE_FILE)
            return
        truncate = _TRUNCATE if self._version >= 3 else 0
        reading = _READ_FILE | _READ_DIR
        self._allow(path, reading | _WRITE_FILE | _MAKE_AND_REMOVE | truncate)

    def _allow(self, path: str, access: int) -> None:
        try:
            place = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except OSError:
            return  # it does not exist
        rule = struct.pack("=Qi", access, place)
        done = self._libc.syscall(_ADD_RULE, self._descriptor, _PATH_BENEATH, rule, 0)
        os.close(place)
        if done != 0:
            raise OSError(ctypes.get_errno(), f"no Landlock rule for {path}")

    def enforce(self) -> bool:
        """Enforce the rules on this process, irrevocably; whether that succeeded."""
        done = self._libc.syscall(_RESTRICT_SELF, self._descriptor, 0)
        os.close(self._descriptor)
        return bool(done == 0)


def ruleset(libc: ctypes.CDLL) -> Ruleset | None:
    """Rules that allow nothing yet; None if the kernel has no Landlock.

    Under such rules no program can be executed.
    """
    version = libc.syscall(_CREATE_RULESET, None, 0, _VERSION)
    if version < 1:
        return None
    handled = _EXECUTE | _WRITE_FILE | _READ_FILE | _READ_DIR | _MAKE_AND_REMOVE
    handled |= (_REFER if version >= 2 else 0) | (_TRUNCATE if version >= 3 else 0)
    attributes = struct.pack("QQQ", handled, _TCP, _SCOPES)
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    descriptor = libc.syscall(_CREATE_RULESET, attributes, size, 0)
    return Ruleset(libc, descriptor, version) if descriptor >= 0 else None
