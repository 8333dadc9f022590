"""seccomp: forbid a process and its children to create sockets.

A network namespace takes the network away, but not the sockets in the file system: those of a
desktop's message bus, a key agent, a container engine. So creating any socket is forbidden. The
constants are those of the Linux manual page seccomp(2) and of <linux/bpf_common.h>. No privileges
are needed.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct

_PR_SET_SECCOMP, _MODE_FILTER = 22, 2
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_NUMBER, _ARCHITECTURE = 0, 4  # offsets in the data that a filter gets
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | errno.EACCES

_X32 = 0x40000000
"""Numbers of system calls from here on belong to the x32 ABI of 64-bit Intel processors."""

_IO_URING_SETUP = 425  # can create sockets without socket(2); the same on every architecture

_ARCHITECTURES = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
"""By machine: the kernel's constant for the architecture, and its number of socket(2)."""


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_char_p))


def refuse_sockets(libc: ctypes.CDLL) -> bool:
    """Forbid this process to create sockets, irrevocably; whether that succeeded."""
    known = _ARCHITECTURES.get(platform.machine())
    if known is None:
        return False
    architecture, socket = known
    # A jump has the numbers of steps to skip: if its condition holds, and if not.
    steps = (
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 0, 4, architecture),
        (_LOAD, 0, 0, _NUMBER),
        (_AT_LEAST, 2, 0, _X32),
        (_EQUAL, 1, 0, socket),
        (_EQUAL, 0, 1, _IO_URING_SETUP),
        (_RETURN, 0, 0, _REFUSE),
        (_RETURN, 0, 0, _ALLOW),
    )
    code = b"".join(struct.pack("HBBI", *step) for step in steps)
    program = _Program(len(steps), code)
    done = libc.prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(program), 0, 0)
    return bool(done == 0)
