"""A worker, seen from outside: start it, exchange messages within a time limit, end it."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Sequence
from functools import partial
from typing import Any

from trigrad.messages import Message
from trigrad.sandbox.gaps import Gap
from trigrad.sandbox.host import (
    SECONDS_TO_START,
    ForkedProcess,
    ForkServer,
    SandboxError,
    fork_server,
)
from trigrad.sandbox.limits import Limits
from trigrad.sandbox.progress import read_progress
from trigrad.sandbox.validation import (
    InternalError,
    WireClosedError,
    WireError,
    WireTimeoutError,
    texts,
)
from trigrad.sandbox.wire import Wire
from trigrad.sandbox.worker_exit import (
    ENDED,
    FAILED,
    NONSENSE,
    TIMEOUT,
    WorkerExit,
    exit_in_words,
)

_SECONDS_TO_EXIT = 0.01
"""A process may end this much later than its socket is closed."""

_SECONDS_TO_TRACE = 0.2
"""The time limit for a worker that hangs to write its stack trace."""

_SECONDS_BETWEEN_LINES = 0.02
"""If it adds nothing to a stack trace for this time, the trace is complete."""


def start_worker(
    limits: Limits, readable: Sequence[str] = (), *, tracing: bool = False
) -> WorkerProcess:
    """A new worker, which may also read the paths `readable`.

    With `tracing`, it can differentiate a learner's own forward.

    Raises:
        SandboxError: no worker can be started.
    """
    server = fork_server(tracing)
    return WorkerProcess(server, server.fork(limits, readable), limits)


class WorkerProcess:
    """A process that runs a learner's code."""

    def __init__(self, server: ForkServer, process: ForkedProcess, limits: Limits) -> None:
        self._server = server
        self._pid = process.pid
        self._wire = Wire(process.connection, 8 * limits.answer)
        self._trace_file = process.trace_file
        self._status: int | None = None
        self._ended = False
        self._progress = (0, 0.0, "")
        try:
            first = self.receive(time.monotonic() + SECONDS_TO_START)
            self.gaps = tuple(Gap[name] for name in texts(first["gaps"]))
        except (WireError, KeyError, TypeError) as error:
            self.end()
            why = server.last_error() or str(error) or type(error).__name__
            raise SandboxError(str(Message("sandbox.no_worker", why=why))) from error

    def send(self, message: Any, until: float) -> None:
        """Send one message; see Wire.send."""
        self._wire.send(message, until)

    def receive(self, until: float) -> Any:
        """The next message; see Wire.receive."""
        return self._wire.receive(until)

    def end(self) -> int | None:
        """Kill it and everything that it has started; its status, None if that is unknown."""
        if not self._ended:
            self._ended = True
            self._wire.close()
            try:
                self._kill(signal.SIGKILL)
                self._status = self._server.reap(self._pid)
            except SandboxError:
                self._status = None  # the fork server has ended, and every worker with it
            self._trace_file.seek(0)
            self._progress = read_progress(self._trace_file.read(1 << 16))
            self._trace_file.close()
        return self._status

    def end_after(self, why: WireError) -> WorkerExit:
        """End it after an error of the connection; how it ended, and at which line it was."""
        now = time.monotonic()
        if isinstance(why, WireTimeoutError):
            self._request_trace()
        elif isinstance(why, WireClosedError):
            time.sleep(_SECONDS_TO_EXIT)
        status = self.end()
        done, at, _ = self._progress
        places = self._places()
        worker_exit = partial(
            WorkerExit,
            places=[(file, line) for file, line, _ in places],
            functions=tuple(function for *_, function in places),
            done=done,
            since=now - at,
        )
        if status is None:
            why_failed = Message("sandbox.internal", why=Message("sandbox.ended"))
            return worker_exit(FAILED, str(why_failed))
        if isinstance(why, WireTimeoutError):
            return worker_exit(TIMEOUT, "")
        if isinstance(why, WireClosedError):
            return worker_exit(ENDED, exit_in_words(status))
        if isinstance(why, InternalError):
            return worker_exit(FAILED, str(why))
        return worker_exit(NONSENSE, str(Message("worker.nonsense", why=str(why))))

    def _request_trace(self) -> None:
        """Have Python write the stack trace to the trace file, and wait until it is there."""
        empty = written = os.fstat(self._trace_file.fileno()).st_size
        self._kill(signal.SIGUSR1)
        until = time.monotonic() + _SECONDS_TO_TRACE
        while time.monotonic() < until:
            time.sleep(_SECONDS_BETWEEN_LINES)
            before, written = written, os.fstat(self._trace_file.fileno()).st_size
            if written == before > empty:
                break

    def _kill(self, number: signal.Signals) -> None:
        """Send a signal. Until the worker is reaped, no other process has its id."""
        if self._server.alive():
            os.kill(self._pid, number)

    def _places(self) -> list[tuple[str, int, str]]:
        """The files, lines and functions in Python's stack trace, innermost first."""
        found = re.findall(
            r'^  File "(.*)", line (\d{1,7}) in (.*)$', self._progress[2], re.MULTILINE
        )
        return [(file, int(line), function) for file, line, function in found]
