"""Where workers are born: a process that has the libraries loaded and never runs foreign code.

A fork of it takes milliseconds, a new interpreter with NumPy two tenths of a second. It is asked
over a socket: {"do": "bear"} with the worker's end of a new socket and a file for what Python
says of a crash, answered with the worker's process id and what walls it lacks; and {"do": "bury"}
for a worker that has ended, answered with its status.
"""

from __future__ import annotations

import gc
import os
import signal
import socket
import struct
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from reference.sandbox.confine import detach, die_with_parent, drop
from reference.sandbox.limits import Limits
from reference.sandbox.wire import Wire, WireClosedError

Serve = Callable[[socket.socket, int, Limits], None]

_PID = struct.Struct("!i")

NO_WORKER = 70
"""The status of a worker that came to nothing by no fault of the code on trial."""


def main(descriptor: int) -> None:
    """Serve births and burials until the judge is gone."""
    die_with_parent()
    from reference.sandbox.worker import serve  # with everything that a worker will need

    connection = socket.socket(fileno=descriptor)
    wire = Wire(connection, 1 << 20)
    keepers: dict[int, int] = {}
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
                    pid, keeper = _bear(descriptors, plan)
                    keepers[pid] = keeper
                    wire.send({"pid": pid})
                case {"do": "bury", "pid": pid}:
                    _, status = os.waitpid(keepers.pop(pid), 0)
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


def _bear(descriptors: list[int], plan: Plan) -> tuple[int, int]:
    """A worker and its keeper, who waits for its end: their process ids."""
    read_end, write_end = os.pipe()
    keeper = os.fork()
    if keeper == 0:
        os.close(read_end)
        _keep(descriptors, plan, write_end)
    os.close(write_end)
    for descriptor in descriptors:
        os.close(descriptor)
    told = os.read(read_end, _PID.size)
    os.close(read_end)
    return (_PID.unpack(told)[0] if told else keeper), keeper


def _keep(descriptors: list[int], plan: Plan, tell: int) -> None:
    """Have the worker, wait for its end and end in the same way; does not return."""
    status = NO_WORKER
    try:
        die_with_parent()
        lacking = detach(plan.folder, plan.limits)
        number = os.getpid()
        worker = os.fork()
        if worker == 0:
            _work(descriptors, plan, lacking, number)
        os.write(tell, _PID.pack(worker))
        os.close(tell)
        for descriptor in descriptors:
            os.close(descriptor)
        _, ended = os.waitpid(worker, 0)
        status = os.waitstatus_to_exitcode(ended)
    finally:  # whatever happened, nothing of the nursery's may run on in this copy of it
        os._exit(status if status >= 0 else 128 - status)


def _work(descriptors: list[int], plan: Plan, lacking: list[str], number: int) -> None:
    """Be the worker, with nothing open but its socket and the crash file; does not return."""
    status = NO_WORKER
    try:
        os.setsid()
        _only(descriptors)
        still = drop(plan.folder, plan.limits, number, lacking, plan.readable)
        os.environ.clear()
        os.environ.update(
            {"HOME": plan.folder, "TMPDIR": plan.folder, "OMP_NUM_THREADS": "1", "PATH": os.defpath}
        )
        tempfile.tempdir = None  # what the nursery found is not the worker's
        connection = socket.socket(fileno=3)
        Wire(connection, 1 << 20).send({"lacking": still})
        plan.serve(connection, 4, plan.limits)
        status = 0
    finally:
        os._exit(status)


def _only(descriptors: list[int]) -> None:
    """Move the socket and the crash file to 3 and 4, nothing to 0, 1 and 2; close the rest."""
    nothing = os.open(os.devnull, os.O_RDWR)
    high = [os.dup2(d, 200 + i, inheritable=False) for i, d in enumerate(descriptors)]
    for target, descriptor in enumerate((nothing, nothing, nothing, *high)):
        os.dup2(descriptor, target, inheritable=False)
    os.closerange(5, 4096)
    signal.signal(signal.SIGINT, signal.SIG_DFL)


if __name__ == "__main__":
    main(int(sys.argv[1]))
