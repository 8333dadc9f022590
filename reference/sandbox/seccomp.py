"""System calls that a process can make no more, from now on, nor all that it starts.

A namespace takes the network away but leaves the sockets that lie in the file system: a desktop's
bus, an agent's keys, a container's engine. So no socket can be made at all. The numbers are those
of the Linux manual page seccomp(2) and of <linux/bpf_common.h>; it needs no privileges.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct

_PR_SET_SECCOMP, _MODE_FILTER = 22, 2
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_NUMBER, _ARCHITECTURE = 0, 4  # where they are in what a filter is shown
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | errno.EACCES

_X32 = 0x40000000
"""From here on the numbers of another kind of program that a 64-bit Intel processor can run."""

_IO_URING_SETUP = 425  # makes sockets without the call for it; the same on every architecture

_ARCHITECTURES = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
"""The kernel's name of an architecture, and the number of its call socket(2)."""


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_char_p))


def refuse_sockets(libc: ctypes.CDLL) -> bool:
    """Refuse every new socket to this process, for good; whether that was done."""
    known = _ARCHITECTURES.get(platform.machine())
    if known is None:
        return False
    architecture, socket = known
    # A jump says how many steps are left out: if it holds, and if it doesn't.
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
