"""How far a worker has come, in memory that it shares with the judge: a hint, never a proof.

The file begins with a number and the time at which it was reached; then comes what Python writes
down when it crashes or is asked where it is.
"""

from __future__ import annotations

import mmap
import os
import struct
import time

_MARK = struct.Struct("=qd")
"""The number, and the monotonic time at which it was reached."""


class Progress:
    """The number of commands that a worker has carried out since it was last asked."""

    def __init__(self, descriptor: int) -> None:
        os.ftruncate(descriptor, _MARK.size)
        os.lseek(descriptor, _MARK.size, os.SEEK_SET)
        self._number = 0
        self._memory = mmap.mmap(descriptor, _MARK.size)

    def touch(self) -> None:
        """Note that something has come back, though no command is done."""
        self.set(self._number)

    def set(self, number: int) -> None:
        """Note it where the judge can see it."""
        self._number = number
        _MARK.pack_into(self._memory, 0, number, time.monotonic())


def read_progress(content: bytes) -> tuple[int, float, str]:
    """The number, when it was reached, and what was written down, of a file that was left."""
    if len(content) < _MARK.size:
        return 0, 0.0, ""
    number, at = _MARK.unpack_from(content)
    return number, at, content[_MARK.size :].decode(errors="replace")
