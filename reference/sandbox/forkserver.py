"""The fork server: a process with all libraries loaded, which forks workers and runs no other code.

A fork takes milliseconds, a new interpreter with NumPy two tenths of a second. The server receives
two requests over a socket:

- {"do": "fork"}, with the worker's end of a new socket and a file for Python's stack traces. The
  answer has the worker's process id. The worker's first message tells which restrictions are
  missing.
- {"do": "reap"}, for a worker that has ended. The answer has its exit status.

Every worker has a monitor, a process between it and the server. A process enters a new process
namespace only with its next child, so the monitor prepares the namespaces and forks the worker. It
keeps the ended worker as a zombie until that is reaped, so that its process id is not reused. When
the server asks for that, or ends, it kills the worker and all that the worker has started.
"""

from __future__ import annotations

import fcntl
import gc
import os
import shutil
import signal
import socket
import struct
import sys
import tempfile
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from trigrad.catalogue.in_force import Speaking, in_force
from trigrad.sandbox.confine import (
    adopt_orphans,
    die_with_parent,
    drop_privileges,
    enter_namespaces,
    kill_descendants,
)
from trigrad.sandbox.gaps import Gap
from trigrad.sandbox.limits import Limits
from trigrad.sandbox.validation import WireClosedError
from trigrad.sandbox.wire import Wire

Serve = Callable[[socket.socket, int, Limits], None]

_PID = struct.Struct("!i")

NO_WORKER = 70
"""The exit status of a worker that failed to start, through no fault of the subject."""


def main(descriptor: int, folder: str, *, tracing: bool = False) -> None:
    """Fork and reap workers until the socket is closed; `folder`, an empty one, is removed then.

    With `tracing`, its workers can differentiate a learner's own forward.
    """
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)  # the parent may have set it to be ignored
    gc.disable()  # what is imported stays
    from trigrad.sandbox.worker import serve  # imports everything that a worker needs
    from trigrad.subject.own_gradients import load_libraries

    chosen = in_force()  # read now: a worker may not, and its code may change the environment
    if tracing:
        load_libraries()
    connection = socket.socket(fileno=descriptor)
    wire = Wire(connection, 1 << 20)
    monitors: dict[int, _Monitor] = {}
    try:
        os.chmod(folder, 0o755)
        gc.collect()
        gc.freeze()  # otherwise a worker's first collection would copy all memory it shares
        gc.enable()
        die_with_parent(False)  # which means the thread that has started this process
        wire.send({"ready": True})
        while True:
            try:
                message, descriptors = _receive_with_descriptors(connection)
            except WireClosedError:
                break
            match message:
                case {"do": "fork", "limits": given, "readable": readable}:
                    setup = WorkerSetup(folder, Limits(**given), readable, serve)
                    with Speaking(chosen):
                        pid, monitors[pid] = _fork_worker(descriptors, setup)
                    wire.send({"pid": pid})
                case {"do": "reap", "pid": pid}:
                    monitor = monitors.pop(pid)
                    wire.send({"status": _ended(monitor)})
    except WireClosedError:
        pass  # while it answered
    finally:
        for monitor in monitors.values():
            _ended(monitor)
        shutil.rmtree(folder, ignore_errors=True)


def _receive_with_descriptors(connection: socket.socket) -> tuple[Any, list[int]]:
    """One short message and the file descriptors that came with it."""
    import msgpack

    data, descriptors, _, _ = socket.recv_fds(connection, 1 << 16, 4)
    if not data:
        raise WireClosedError
    return msgpack.unpackb(data), descriptors


@dataclass(frozen=True)
class WorkerSetup:
    """How a worker is set up."""

    folder: str
    """The only folder in which it may write."""
    limits: Limits
    readable: list[str]
    """Paths that it may read, beside Python's and the system's."""
    serve: Serve
    """What it runs."""


@dataclass(frozen=True)
class _Monitor:
    """The process that waits for the end of a worker."""

    pid: int
    release: int
    """The writing end of a pipe. When it is closed, the monitor reaps the worker and exits."""


def _ended(monitor: _Monitor) -> int:
    """The status of a worker, which is killed if it is still there."""
    os.close(monitor.release)
    _, status = os.waitpid(monitor.pid, 0)
    return os.waitstatus_to_exitcode(status)


def _fork_worker(descriptors: list[int], setup: WorkerSetup) -> tuple[int, _Monitor]:
    """A new worker's process id, and its monitor."""
    pid_reader, pid_writer = os.pipe()
    release_reader, release_writer = os.pipe()
    monitor = os.fork()
    if monitor == 0:
        # The release pipes of other monitors are closed here too.
        _close_all_but(pid_writer, release_reader, *descriptors)
        _run_monitor(descriptors, setup, pid_writer, release_reader)
    for descriptor in (pid_writer, release_reader, *descriptors):
        os.close(descriptor)
    sent = os.read(pid_reader, _PID.size)
    os.close(pid_reader)
    return (_PID.unpack(sent)[0] if sent else monitor), _Monitor(monitor, release_writer)


def _close_all_but(*kept: int) -> None:
    """Close every file descriptor from 3 on except these."""
    before = 3
    for descriptor in (*sorted(kept), 4096):
        os.closerange(before, descriptor)
        before = descriptor + 1


def _run_monitor(
    descriptors: list[int], setup: WorkerSetup, pid_writer: int, release_reader: int
) -> None:
    """Fork the worker, kill it when that is asked for, exit with its status; does not return."""
    status = NO_WORKER
    try:
        adopt_orphans()
        gaps = enter_namespaces(setup.folder, setup.limits)
        number = os.getpid()
        worker = os.fork()
        if worker == 0:
            _run_worker(descriptors, setup, gaps, number)
        os.write(pid_writer, _PID.pack(worker))
        for descriptor in (pid_writer, *descriptors):
            os.close(descriptor)
        os.read(release_reader, 1)  # returns when the other end is closed
        os.kill(worker, signal.SIGKILL)  # no more than a zombie if it has ended
        os.waitid(os.P_PID, worker, os.WEXITED | os.WNOWAIT)
        kill_descendants(worker)
        _, ended = os.waitpid(worker, 0)
        status = os.waitstatus_to_exitcode(ended)
    except BaseException:  # noqa: BLE001 - any error is printed, and this process ends
        traceback.print_exc()  # the last line is shown where no worker can be started
    finally:  # this copy of the fork server must never go on with the server's own code
        os._exit(status if status >= 0 else 128 - status)


def _run_worker(descriptors: list[int], setup: WorkerSetup, gaps: list[Gap], number: int) -> None:
    """Drop privileges and serve, with only the socket and the trace file open; does not return."""
    status = NO_WORKER
    try:
        os.setsid()
        devnull = _arrange_descriptors(descriptors)
        gaps = drop_privileges(setup.folder, setup.limits, number, gaps, setup.readable)
        os.environ.clear()
        folder = setup.folder
        os.environ.update(
            {"HOME": folder, "TMPDIR": folder, "OMP_NUM_THREADS": "1", "PATH": os.defpath}
        )
        tempfile.tempdir = None  # the cached folder is the server's
        connection = socket.socket(fileno=3)
        Wire(connection, 1 << 20).send({"gaps": [gap.name for gap in gaps]})
        os.dup2(devnull, 2, inheritable=False)  # from here on, errors may be the subject's
        setup.serve(connection, 4, setup.limits)
        status = 0
    except BaseException:  # noqa: BLE001 - as above
        traceback.print_exc()
    finally:
        os._exit(status)


def _arrange_descriptors(descriptors: list[int]) -> int:
    """Move the socket to descriptor 3 and the trace file to 4; close all others.

    Standard input and output become /dev/null.

    Returns:
        A descriptor of /dev/null, to which standard error will be redirected later.
    """
    opened = os.open(os.devnull, os.O_RDWR)
    copies = [fcntl.fcntl(d, fcntl.F_DUPFD, 10) for d in (opened, *descriptors)]
    devnull = copies[0]
    for target, descriptor in zip((0, 1, 3, 4), (devnull, *copies), strict=True):
        os.dup2(descriptor, target, inheritable=False)
    _close_all_but(3, 4, devnull)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    return devnull


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
