"""Restrict a worker's rights, with what the operating system offers. Only Linux is tested.

There are two steps, because a process enters a new process namespace only with its next child:
`enter_namespaces` in the parent (no network, no other processes, a read-only file system with an
empty folder in memory), then `drop_privileges` in the child (resource limits, an unprivileged user,
Landlock, seccomp). Both return the gaps: restrictions that this system does not allow to set, which
the user is told. The constants are those of the Linux manual pages namespaces(7), landlock(7),
seccomp(2), mount_setattr(2), setrlimit(2) and prctl(2).
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

from trigrad.sandbox.gaps import Gap
from trigrad.sandbox.landlock import ruleset
from trigrad.sandbox.limits import Limits
from trigrad.sandbox.seccomp import refuse_sockets

_CLONE_NEWNS, _CLONE_NEWIPC, _CLONE_NEWUSER = 0x00020000, 0x08000000, 0x10000000
_CLONE_NEWPID, _CLONE_NEWNET = 0x20000000, 0x40000000
_MS_NOSUID, _MS_NODEV, _MS_REC, _MS_PRIVATE = 0x2, 0x4, 0x4000, 0x40000
_AT_FDCWD, _AT_RECURSIVE, _MOUNT_ATTR_RDONLY = -100, 0x8000, 0x1
_SYS_MOUNT_SETATTR = 442  # the same on every architecture
_PR_SET_PDEATHSIG, _PR_SET_KEEPCAPS, _PR_SET_NO_NEW_PRIVS = 1, 8, 38
_PR_SET_CHILD_SUBREAPER = 36
_CAP_DAC_READ_SEARCH = 1 << 2

_SYSTEM = (
    *("/usr", "/lib", "/lib64", "/bin", "/opt", "/nix"),
    *("/etc/ld.so.cache", "/etc/localtime"),  # not all of /etc, which has passwords
    *("/dev/zero", "/dev/random", "/dev/urandom"),  # not all of /dev, which has disks
    # Not all of /proc, which has the other processes.
    *("/proc/self", "/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/proc/sys"),
    "/sys/devices/system",
)
"""The files of a system that programs need to read."""

_FIRST_UID = 0x70000000
"""The first user id of workers. Each has one of its own, which belongs to no real user."""

_NOBODY = 65534


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def die_with_parent(wanted: bool = True) -> None:
    """Have the kernel kill this process when the thread that forked it ends, or have it not."""
    if sys.platform == "linux":
        _libc().prctl(_PR_SET_PDEATHSIG, signal.SIGKILL if wanted else 0, 0, 0, 0)


def adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent ends, in place of process 1."""
    if sys.platform == "linux":
        _libc().prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def enter_namespaces(folder: str, limits: Limits) -> list[Gap]:
    """Enter new namespaces; the gaps that are left.

    A file system in memory is mounted over `folder`, which must be empty.
    """
    if sys.platform != "linux":
        return [Gap.NETWORK, Gap.FILES, Gap.PROCESSES]
    libc = _libc()
    user, group = os.getuid(), os.getgid()
    # A user other than root may enter the other namespaces only within a user namespace.
    own = 0 if user == 0 else _CLONE_NEWUSER
    wanted = _CLONE_NEWNS | _CLONE_NEWPID | _CLONE_NEWNET | _CLONE_NEWIPC
    if libc.unshare(own | wanted) != 0:
        return [Gap.NETWORK, Gap.PROCESSES, Gap.FILES]
    if own:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    return [] if _make_read_only(libc, folder, limits) else [Gap.FILES]


def _make_read_only(libc: ctypes.CDLL, folder: str, limits: Limits) -> bool:
    """Make every file read-only, and mount a file system in memory over the folder."""
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


def drop_privileges(
    folder: str, limits: Limits, number: int, gaps: list[Gap], readable: Sequence[str]
) -> list[Gap]:
    """Drop irrevocably all rights that a worker does not need; the gaps that are left.

    `number` is different for every worker. `gaps` are those that `enter_namespaces` has left.
    `readable` are paths that the worker may read, beside Python's own and the system's.
    """
    left = list(gaps)
    os.chdir(folder)
    _limit(limits, alone=Gap.PROCESSES not in gaps or os.getuid() == 0)
    libc = _libc()
    rules = ruleset(libc) if sys.platform == "linux" else None
    if rules is not None:
        rules.allow_changing(folder)
        rules.allow_changing(os.devnull)
        rules.allow_reading([*_SYSTEM, *_libraries(), *readable])
    if os.getuid() == 0 and not _change_user(libc, number):
        left.append(Gap.PRIVILEGES)
    if sys.platform == "linux":
        die_with_parent()  # changing the user has reset it
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    restricted = rules is not None and rules.enforce()
    if restricted and Gap.FILES in left:
        left.remove(Gap.FILES)
    if sys.platform == "linux" and refuse_sockets(libc) and Gap.NETWORK in left:
        left.remove(Gap.NETWORK)
    if sys.platform == "linux":
        # Python may be installed in a folder that only root can read. The worker keeps the right
        # to read such folders if Landlock restricts it.
        _set_capabilities(libc, _CAP_DAC_READ_SEARCH if restricted and os.getuid() != 0 else 0)
    if not (_readable(os.__file__) and _readable(numpy.__file__)):
        left.append(Gap.LIBRARIES)
    return left


def kill_descendants(worker: int) -> None:
    """Kill all processes that an ended worker has started, and wait for their ends.

    The worker itself stays a zombie. Where it had a process namespace, they have ended with it.
    Otherwise this process has adopted them, if `adopt_orphans` was called and works here; and those
    that these have started, when they are killed. Elsewhere only the worker's group is killed.
    """
    with contextlib.suppress(ProcessLookupError, PermissionError):  # mostly there are none
        os.killpg(worker, signal.SIGKILL)
    while found := _children() - {worker}:
        for child in found:
            os.kill(child, signal.SIGKILL)
        for child in found:
            os.waitpid(child, 0)


def _children() -> set[int]:
    """The children of this process, none where the system does not list them."""
    try:
        listed = Path(f"/proc/self/task/{os.getpid()}/children").read_text()
    except OSError:
        listed = ""
    return set(map(int, listed.split()))


def _readable(path: str) -> bool:
    try:
        os.close(os.open(path, os.O_RDONLY))
    except OSError:
        return False
    return True


def _libraries() -> list[str]:
    """The folders of Python, its libraries and this package."""
    paths = [sys.prefix, sys.base_prefix, sys.exec_prefix, *sys.path]
    real = [os.path.realpath(path) for path in paths if path]
    return list(dict.fromkeys(path for path in real if path != "/"))


def _limit(limits: Limits, *, alone: bool) -> None:
    """Set resource limits; `alone` if no other process counts as this user's."""
    processes = limits.processes if alone else limits.processes + _tasks_of(os.getuid())
    for kind, limit in (
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_CPU, limits.processor),
        (resource.RLIMIT_FSIZE, limits.files),
        (resource.RLIMIT_NPROC, processes),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(kind)[1]
        allowed = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(kind, (allowed, allowed))


def _tasks_of(user: int) -> int:
    """The number of a user's processes and threads, all of which count towards the limit."""
    tasks = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if process.stat().st_uid == user:
                tasks += sum(1 for _ in (process / "task").iterdir())
        except OSError:
            continue  # it has ended in the meantime
    return tasks


def _change_user(libc: ctypes.CDLL, number: int) -> bool:
    """Become a user without files; capabilities are kept until they are dropped."""
    if sys.platform == "linux":
        libc.prctl(_PR_SET_KEEPCAPS, 1, 0, 0, 0)
    for user in (_FIRST_UID + number, _NOBODY):
        try:
            os.setgroups([])
            os.setresgid(user, user, user)
            os.setresuid(user, user, user)
        except OSError:
            continue  # a container may allow few user ids; the next is tried
        return True
    return False


def _set_capabilities(libc: ctypes.CDLL, only: int) -> None:
    """Drop all capabilities except those in the mask `only`, if the process has these."""
    version_3 = struct.pack("Ii", 0x20080522, 0)
    if libc.capset(version_3, struct.pack("6I", only, only, 0, 0, 0, 0)) != 0:
        libc.capset(version_3, struct.pack("6I", *([0] * 6)))
