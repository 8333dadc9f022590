"""The walls around a worker, by what the operating system offers; Linux is what is tested.

Two steps, because a process enters a new process namespace only with its next child: `detach` in
the parent (namespaces: no network, no other processes, a read-only file system with an empty
folder in memory), then `drop` in the child (limits, an unprivileged user, Landlock). Both return
in plain words what could not be had, for the user to be told. Formulas and numbers are those of
the Linux manual pages: namespaces(7), landlock(7), seccomp(2), mount_setattr(2),
setrlimit(2), prctl(2).
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import struct
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy

from trigrad.sandbox.landlock import ruleset
from trigrad.sandbox.limits import Limits
from trigrad.sandbox.seccomp import refuse_sockets

_CLONE_NEWNS, _CLONE_NEWIPC, _CLONE_NEWUSER = 0x00020000, 0x08000000, 0x10000000
_CLONE_NEWPID, _CLONE_NEWNET = 0x20000000, 0x40000000
_MS_NOSUID, _MS_NODEV, _MS_REC, _MS_PRIVATE = 0x2, 0x4, 0x4000, 0x40000
_AT_FDCWD, _AT_RECURSIVE, _MOUNT_ATTR_RDONLY = -100, 0x8000, 0x1
_SYS_MOUNT_SETATTR = 442  # the same on every architecture
_PR_SET_PDEATHSIG, _PR_SET_KEEPCAPS, _PR_SET_NO_NEW_PRIVS = 1, 8, 38
_CAP_DAC_READ_SEARCH = 1 << 2

NETWORK = "the network cannot be taken away from it"
FILES = "files of yours can be written by it"
PROCESSES = "processes that it starts can outlive it"
PRIVILEGES = "it runs as root: the privileges cannot be given up"
LIBRARIES = "libraries that only root can read cannot be imported by it"

_SYSTEM = (
    *("/usr", "/lib", "/lib64", "/bin", "/opt", "/nix"),
    *("/etc/ld.so.cache", "/etc/localtime"),  # and no more of /etc: passwords are there
    *("/dev/zero", "/dev/random", "/dev/urandom"),  # and no disks
    *("/proc/self", "/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/proc/sys"),  # and no others
    "/sys/devices/system",
)
"""Where a system keeps what programs need to read."""

_OUR_OWN_UID = 0x70000000
"""Where the numbers of the workers' users begin: nobody is called so, and no two workers are."""

_NOBODY = 65534


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def die_with_parent() -> None:
    """Be killed when the parent is gone."""
    if sys.platform == "linux":
        _libc().prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def detach(folder: str, limits: Limits) -> list[str]:
    """Leave the namespaces that are shared with everybody; what could not be had, in words.

    `folder` is an empty one, over which a file system in memory is laid.
    """
    if sys.platform != "linux":
        return [NETWORK, FILES, PROCESSES]
    libc = _libc()
    user, group = os.getuid(), os.getgid()
    own = 0 if user == 0 else _CLONE_NEWUSER  # who is not root is allowed the others by this one
    wanted = _CLONE_NEWNS | _CLONE_NEWPID | _CLONE_NEWNET | _CLONE_NEWIPC
    if libc.unshare(own | wanted) != 0:
        return [NETWORK, PROCESSES, FILES]
    if own:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    return [] if _only_this_folder(libc, folder, limits) else [FILES]


def _only_this_folder(libc: ctypes.CDLL, folder: str, limits: Limits) -> bool:
    """Make every file read-only, and the folder an empty one in memory."""
    read_only = struct.pack("QQQQ", _MOUNT_ATTR_RDONLY, 0, 0, 0)
    options = f"size={limits.files},nr_inodes=1024,mode=0777".encode()
    return bool(
        libc.mount(None, b"/", None, _MS_REC | _MS_PRIVATE, None) == 0
        and libc.syscall(
            *(_SYS_MOUNT_SETATTR, _AT_FDCWD, b"/", _AT_RECURSIVE, read_only, len(read_only))
        )
        == 0
        and libc.mount(b"tmpfs", folder.encode(), b"tmpfs", _MS_NOSUID | _MS_NODEV, options) == 0
    )


def drop(
    folder: str, limits: Limits, number: int, lacking: list[str], readable: Sequence[str]
) -> list[str]:
    """Give up what a worker does not need, for good; what cannot be had, in words.

    `number` tells the workers apart, `lacking` is what `detach` could not do, `readable` are
    paths that it may read beside Python's own and the system's.
    """
    still = list(lacking)
    os.chdir(folder)
    _limit(limits, alone=PROCESSES not in lacking or os.getuid() == 0)
    libc = _libc()
    rules = ruleset(libc) if sys.platform == "linux" else None
    if rules is not None:
        rules.allow_changing(folder)
        rules.allow_changing(os.devnull)
        rules.allow_reading([*_SYSTEM, *_libraries(), *readable])
    if os.getuid() == 0 and not _become_somebody(libc, number):
        still.append(PRIVILEGES)
    if sys.platform == "linux":
        die_with_parent()  # a change of user has cleared it
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    walled = rules is not None and rules.enforce()
    if walled and FILES in still:
        still.remove(FILES)
    if sys.platform == "linux" and refuse_sockets(libc) and NETWORK in still:
        still.remove(NETWORK)
    if sys.platform == "linux":
        # Python may be installed where only root can look. Landlock says what can be read.
        _set_capabilities(libc, _CAP_DAC_READ_SEARCH if walled and os.getuid() != 0 else 0)
    if not (_readable(os.__file__) and _readable(numpy.__file__)):
        still.append(LIBRARIES)
    return still


def end_survivors(worker: int, number: int, lacking: list[str]) -> None:
    """Kill what a worker that has ended left behind, where no namespace has done so."""
    if PROCESSES not in lacking:
        return
    with contextlib.suppress(ProcessLookupError):  # there is nobody left, mostly
        os.killpg(worker, signal.SIGKILL)
    if os.getuid() == 0:  # its user is nobody else's
        killer = os.fork()
        if killer == 0:
            try:
                os.setuid(_OUR_OWN_UID + number)
                os.kill(-1, signal.SIGKILL)
            finally:
                os._exit(0)
        os.waitpid(killer, 0)


def _readable(path: str) -> bool:
    try:
        os.close(os.open(path, os.O_RDONLY))
    except OSError:
        return False
    return True


def _libraries() -> list[str]:
    """Where Python, its libraries and this package are."""
    paths = [sys.prefix, sys.base_prefix, sys.exec_prefix, *sys.path]
    real = [os.path.realpath(path) for path in paths if path]
    return list(dict.fromkeys(path for path in real if path != "/"))


def _limit(limits: Limits, *, alone: bool) -> None:
    """Limits of the kernel's; `alone` if no other process counts as this user's."""
    processes = limits.processes if alone else limits.processes + _tasks_of(os.getuid())
    for kind, most in (
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_CPU, limits.processor),
        (resource.RLIMIT_FSIZE, limits.files),
        (resource.RLIMIT_NPROC, processes),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(kind)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (most, most))


def _tasks_of(user: int) -> int:
    """How many processes and threads a user has: a limit on them counts them all."""
    tasks = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if process.stat().st_uid == user:
                tasks += sum(1 for _ in (process / "task").iterdir())
        except OSError:
            continue  # it has ended in the meantime
    return tasks


def _become_somebody(libc: ctypes.CDLL, number: int) -> bool:
    """Become a user who owns nothing; capabilities are kept until they are given up."""
    if sys.platform == "linux":
        libc.prctl(_PR_SET_KEEPCAPS, 1, 0, 0, 0)
    for user in (_OUR_OWN_UID + number, _NOBODY):
        try:
            os.setgroups([])
            os.setresgid(user, user, user)
            os.setresuid(user, user, user)
        except OSError:
            continue  # a container may know few numbers; the next one is tried
        return True
    return False


def _set_capabilities(libc: ctypes.CDLL, only: int) -> None:
    """Give up all of root's powers but those in the mask `only`, where they are held at all."""
    version_3 = struct.pack("Ii", 0x20080522, 0)
    if libc.capset(version_3, struct.pack("6I", only, only, 0, 0, 0, 0)) != 0:
        libc.capset(version_3, struct.pack("6I", *([0] * 6)))
