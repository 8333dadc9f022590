"""A worker's progress, in a file that it shares with trigrad. It is a hint: code can forge it.

The file begins with a number and the time at which it was reached. After that, Python writes its
stack traces there when it crashes or gets a signal.
"""

from __future__ import annotations

import mmap
import os
import struct
import time

_MARK = struct.Struct("=qd")
"""The number, and the monotonic time at which it was reached."""


class Progress:
    """The number of commands of the current batch that a worker has carried out."""

    def __init__(self, descriptor: int) -> None:
        os.ftruncate(descriptor, _MARK.size)
        os.lseek(descriptor, _MARK.size, os.SEEK_SET)
        self._number = 0
        self._memory = mmap.mmap(descriptor, _MARK.size)

    def touch(self) -> None:
        """Update the time: a call has returned, though its command is not done yet."""
        self.set(self._number)

    def set(self, number: int) -> None:
        """Store the number and the time."""
        self._number = number
        _MARK.pack_into(self._memory, 0, number, time.monotonic())


def read_progress(content: bytes) -> tuple[int, float, str]:
    """The number, the time at which it was reached, and the stack traces in the file."""
    if len(content) < _MARK.size:
        return 0, 0.0, ""
    number, at = _MARK.unpack_from(content)
    return number, at, content[_MARK.size :].decode(errors="replace")
