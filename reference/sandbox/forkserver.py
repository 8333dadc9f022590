"""Where workers are born: a process that has the libraries loaded and never runs foreign code.

A fork of it takes milliseconds, a new interpreter with NumPy two tenths of a second. It is asked
over a socket: {"do": "bear"} with the worker's end of a new socket and a file for what Python
says of a crash, answered with the worker's process id and what walls it lacks; and {"do": "bury"}
for a worker that has ended, answered with its status.
"""

from __future__ import annotations

import fcntl
import gc
import os
import signal
import socket
import struct
import sys
import tempfile
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from trigrad.sandbox.confine import detach, die_with_parent, drop, end_survivors
from trigrad.sandbox.limits import Limits
from trigrad.sandbox.validation import WireClosedError
from trigrad.sandbox.wire import Wire

Serve = Callable[[socket.socket, int, Limits], None]

_PID = struct.Struct("!i")

NO_WORKER = 70
"""The status of a worker that came to nothing by no fault of the code on trial."""


def main(descriptor: int) -> None:
    """Serve births and burials until the judge is gone, which closes the socket."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)  # whoever started the judge may ignore it
    from trigrad.sandbox.worker import serve  # with everything that a worker will need

    connection = socket.socket(fileno=descriptor)
    wire = Wire(connection, 1 << 20)
    keepers: dict[int, Keeper] = {}
    with tempfile.TemporaryDirectory(prefix="trigrad-") as folder:
        os.chmod(folder, 0o755)
        gc.collect()
        gc.freeze()  # or every worker's first collection would copy all that it has inherited
        wire.send({"ready": True})
        while True:
            try:
                message, descriptors = _with_descriptors(connection)
            except WireClosedError:
                break
            match message:
                case {"do": "bear", "limits": given, "readable": readable}:
                    plan = Plan(folder, Limits(**given), readable, serve)
                    pid, keepers[pid] = _bear(descriptors, plan)
                    wire.send({"pid": pid})
                case {"do": "bury", "pid": pid}:
                    keeper = keepers.pop(pid)
                    os.close(keeper.leash)
                    _, status = os.waitpid(keeper.pid, 0)
                    wire.send({"status": os.waitstatus_to_exitcode(status)})


def _with_descriptors(connection: socket.socket) -> tuple[Any, list[int]]:
    """One short message and the descriptors that came with it."""
    import msgpack

    data, descriptors, _, _ = socket.recv_fds(connection, 1 << 16, 4)
    if not data:
        raise WireClosedError
    return msgpack.unpackb(data), descriptors


@dataclass(frozen=True)
class Plan:
    """What a worker is to be: where it may write, how much, what it may read, what it does."""

    folder: str
    limits: Limits
    readable: list[str]
    serve: Serve


@dataclass(frozen=True)
class Keeper:
    """The process that waits for a worker's end."""

    pid: int
    leash: int
    """The end of a pipe; when it is closed, the worker is buried."""


def _bear(descriptors: list[int], plan: Plan) -> tuple[int, Keeper]:
    """A worker, its process id, and its keeper."""
    hear, tell = os.pipe()
    held, leash = os.pipe()
    keeper = os.fork()
    if keeper == 0:
        _close_all_but(tell, held, *descriptors)  # other keepers' leashes too
        _keep(descriptors, plan, tell, held)
    for descriptor in (tell, held, *descriptors):
        os.close(descriptor)
    told = os.read(hear, _PID.size)
    os.close(hear)
    return (_PID.unpack(told)[0] if told else keeper), Keeper(keeper, leash)


def _close_all_but(*kept: int) -> None:
    """Close every descriptor from 3 on but these."""
    before = 3
    for descriptor in (*sorted(kept), 4096):
        os.closerange(before, descriptor)
        before = descriptor + 1


def _keep(descriptors: list[int], plan: Plan, tell: int, held: int) -> None:
    """Have the worker, wait for its end and end in the same way; does not return.

    Until it is to be buried it stays a zombie: its process id is nobody else's.
    """
    status = NO_WORKER
    try:
        die_with_parent()
        lacking = detach(plan.folder, plan.limits)
        number = os.getpid()
        worker = os.fork()
        if worker == 0:
            _work(descriptors, plan, lacking, number)
        os.write(tell, _PID.pack(worker))
        for descriptor in (tell, *descriptors):
            os.close(descriptor)
        os.waitid(os.P_PID, worker, os.WEXITED | os.WNOWAIT)
        os.read(held, 1)  # until the other end is closed
        end_survivors(worker, number, lacking)
        _, ended = os.waitpid(worker, 0)
        status = os.waitstatus_to_exitcode(ended)
    except BaseException:  # noqa: BLE001 - whatever it is, it is said, and this process ends
        traceback.print_exc()  # the judge reads it, where it says that nothing starts
    finally:  # whatever happened, nothing of the nursery's may run on in this copy of it
        os._exit(status if status >= 0 else 128 - status)


def _work(descriptors: list[int], plan: Plan, lacking: list[str], number: int) -> None:
    """Be the worker, with nothing open but its socket and the crash file; does not return."""
    status = NO_WORKER
    try:
        os.setsid()
        nothing = _only(descriptors)
        still = drop(plan.folder, plan.limits, number, lacking, plan.readable)
        os.environ.clear()
        os.environ.update(
            {"HOME": plan.folder, "TMPDIR": plan.folder, "OMP_NUM_THREADS": "1", "PATH": os.defpath}
        )
        tempfile.tempdir = None  # what the nursery found is not the worker's
        connection = socket.socket(fileno=3)
        Wire(connection, 1 << 20).send({"lacking": still})
        os.dup2(nothing, 2, inheritable=False)  # what comes now is the code's on trial
        plan.serve(connection, 4, plan.limits)
        status = 0
    except BaseException:  # noqa: BLE001 - as above
        traceback.print_exc()
    finally:
        os._exit(status)


def _only(descriptors: list[int]) -> int:
    """Move the socket and the crash file to 3 and 4, nothing to 0 and 1; close the rest.

    Returns:
        A descriptor of nothing, which error messages will go to in their turn.
    """
    opened = os.open(os.devnull, os.O_RDWR)
    out_of_the_way = [fcntl.fcntl(d, fcntl.F_DUPFD, 10) for d in (opened, *descriptors)]
    nothing = out_of_the_way[0]
    for target, descriptor in zip((0, 1, 3, 4), (nothing, *out_of_the_way), strict=True):
        os.dup2(descriptor, target, inheritable=False)
    _close_all_but(3, 4, nothing)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    return nothing


if __name__ == "__main__":
    main(int(sys.argv[1]))
