"""The client of the fork server: starts the server, and has it fork and reap workers."""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

import msgpack

from trigrad.catalogue.in_force import VARIABLE, language_in_force
from trigrad.messages import Message
from trigrad.sandbox.limits import Limits
from trigrad.sandbox.validation import WireError, mapping
from trigrad.sandbox.wire import Wire

_START = """
import ctypes, sys
if sys.platform == "linux":  # while it starts, it ends with the thread that has started it
    ctypes.CDLL(None).prctl(1, 9, 0, 0, 0)
sys.path[:0] = sys.argv[4:]
from trigrad.sandbox.forkserver import main
del sys.path[: len(sys.argv) - 4]
sys.path += sys.argv[4:]
descriptor, folder, tracing = sys.argv[1:4]
sys.argv[:] = sys.orig_argv[:] = [""]  # as a learner's code sees them
main(int(descriptor), folder, tracing=bool(tracing))
"""

_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")

SECONDS_TO_START = 60.0
"""The time limit for a process to start."""

SECONDS_TO_END = 0.5
"""The time limit for it to end after Ctrl-C."""


def _beside_package() -> list[str]:
    """The folder that contains the package; none if only the installation knows it.

    A new interpreter finds installed packages, but not those in PYTHONPATH. In an editable
    installation the package's folder has another name, so it cannot be found by its folder.
    """
    package = Path(__file__).parents[1]
    return [str(package.parent)] if package.name == "trigrad" else []


class SandboxError(Exception):
    """No worker can be started; the message says why."""


def available() -> bool:
    """Whether this system can fork a process and pass it a socket."""
    return hasattr(os, "fork") and hasattr(socket, "send_fds")


@dataclass(frozen=True)
class ForkedProcess:
    """A process that the fork server has forked, and the ends of its connections."""

    pid: int
    connection: socket.socket
    trace_file: IO[bytes]
    """Where it stores its progress, and Python its stack traces."""


class ForkServer:
    """A running fork server; started at once, waited for when the first worker is needed."""

    def __init__(self, tracing: bool, language: str) -> None:
        self._tracing = tracing
        self._language = language
        ours, self._theirs = socket.socketpair()
        self._wire = Wire(ours, 1 << 20)
        self._socket = ours
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the server
        self._folder: str | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._ready = False
        self.closed = False
        self._lock = threading.Lock()
        self.owner = os.getpid()

    def start(self) -> None:
        """Start the process."""
        self._folder = tempfile.mkdtemp()  # a name that tells a learner's code nothing
        with self._theirs as theirs:
            self._process = subprocess.Popen(
                [
                    *(sys.executable, "-I", "-c", _START, str(theirs.fileno()), self._folder),
                    "tracing" if self._tracing else "",
                    *_beside_package(),
                ],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._errors,
                cwd="/",
                env={
                    "PATH": os.defpath,
                    "LC_ALL": "C.UTF-8",
                    VARIABLE: self._language,
                    **dict.fromkeys(_ONE_THREAD, "1"),
                },
                start_new_session=True,  # Ctrl-C is handled by this process alone
            )

    def alive(self) -> bool:
        """Whether it is running, and was started by this process."""
        mine = not self.closed and self.owner == os.getpid()
        return mine and self._process is not None and self._process.poll() is None

    def close(self) -> None:
        """End it, and with it every worker."""
        if self.closed or self.owner != os.getpid():
            return
        self.closed = True
        self._wire.close()
        if self._process is not None:
            try:
                self._process.wait(5)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._remove_folder()
        self._errors.close()

    def abandon(self) -> None:
        """End it from a signal's handler, which waits for no lock: this thread may hold it."""
        if self.owner != os.getpid():
            return
        if self._process is not None:
            with contextlib.suppress(OSError):  # it is closed already
                self._socket.shutdown(socket.SHUT_RDWR)
            until = time.monotonic() + (SECONDS_TO_END if self._ready else 0)
            with contextlib.suppress(ChildProcessError):  # it has been waited for already
                while os.waitpid(self._process.pid, os.WNOHANG)[0] == 0:
                    if time.monotonic() > until:
                        os.kill(self._process.pid, signal.SIGKILL)
                    time.sleep(0.01)
        self._remove_folder()

    def _remove_folder(self) -> None:
        """Remove its folder, in case that it was killed before it could do so."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def fork(self, limits: Limits, readable: Sequence[str] = ()) -> ForkedProcess:
        """Fork a worker that may also read the paths `readable`.

        Raises:
            SandboxError: that is not possible.
        """
        ours, theirs = socket.socketpair()
        trace_file = tempfile.TemporaryFile()  # noqa: SIM115 - closed at the worker's end
        try:
            order = {"do": "fork", "limits": asdict(limits), "readable": list(readable)}
            pid = self._ask(order, [theirs.fileno(), trace_file.fileno()])["pid"]
        except BaseException:
            ours.close()
            trace_file.close()
            raise
        finally:
            theirs.close()
        return ForkedProcess(pid, ours, trace_file)

    def reap(self, pid: int) -> int:
        """Wait for a worker that has ended; its status, negative for a signal.

        Raises:
            SandboxError: the fork server has ended.
        """
        status = int(self._ask({"do": "reap", "pid": pid}, [])["status"])
        return status if status < 128 else 128 - status

    def _ask(self, order: dict[str, Any], descriptors: Sequence[int]) -> dict[str, int]:
        """Send one request and receive its answer, for one thread at a time.

        If anything interrupts this in between, the answer would be taken for that of the next
        request. So this server is closed then, and the next call starts a new one.
        """
        with self._lock:
            if not self.alive():
                raise SandboxError(str(Message("sandbox.ended")))
            try:
                until = time.monotonic() + SECONDS_TO_START
                if not self._ready:
                    self._ready = bool(self._wire.receive(until))
                socket.send_fds(self._socket, [msgpack.packb(order)], descriptors)
                return mapping(self._wire.receive(until))
            except (WireError, OSError) as error:
                why = self.last_error() or str(error) or type(error).__name__
                self.close()
                raise SandboxError(str(Message("sandbox.fails", why=why))) from error
            except BaseException:
                self.close()
                raise

    def last_error(self) -> str:
        """The last line that it, or a worker that failed to start, wrote to standard error."""
        if self.closed:
            return ""
        self._errors.seek(0)
        lines = self._errors.read().decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else ""


_fork_servers: dict[tuple[bool, str], ForkServer] = {}
"""The running ones, by whether PyTorch is loaded in it to follow a learner's forward, and by the
language of the sentences that its workers write."""

_start_lock = threading.Lock()


def abandon() -> None:
    """End the fork servers, from a signal's handler: no lock is waited for."""
    for server in list(_fork_servers.values()):
        server.abandon()


def close() -> None:
    """End the fork servers that were started."""
    for server in list(_fork_servers.values()):
        server.close()


def fork_server(tracing: bool = False) -> ForkServer:
    """The fork server of this process, started at the first call and after its end.

    With `tracing`, one that has loaded PyTorch, to follow the forward of declared layers. Other
    workers are without it, so that what a layer imports is noticed.
    """
    key = tracing, language_in_force()
    with _start_lock:
        server = _fork_servers.get(key)
        if server is None or not server.alive():
            if server is not None:
                atexit.unregister(server.close)
                server.close()
            server = _fork_servers[key] = ForkServer(*key)
            atexit.register(server.close)
            server.start()
        return server
