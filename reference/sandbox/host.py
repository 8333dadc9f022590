"""The client of the fork server: starts the server, and has it fork and reap workers."""

from __future__ import annotations

import atexit
import os
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

from trigrad.sandbox.limits import Limits
from trigrad.sandbox.validation import WireError, mapping
from trigrad.sandbox.wire import Wire

_START = """
import sys
sys.path[:0] = sys.argv[2:]
from trigrad.sandbox.forkserver import main
del sys.path[: len(sys.argv) - 2]
sys.path += sys.argv[2:]
main(int(sys.argv[1]))
"""

_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")

SECONDS_TO_START = 60.0
"""The time limit for a process to start."""


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

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        self._wire = Wire(ours, 1 << 20)
        self._socket = ours
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the server
        self._ready = False
        self._closed = False
        self._lock = threading.Lock()
        self.owner = os.getpid()
        with theirs:
            self._process = subprocess.Popen(
                [
                    *(sys.executable, "-I", "-c", _START, str(theirs.fileno())),
                    *_beside_package(),
                ],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._errors,
                cwd="/",
                env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", **dict.fromkeys(_ONE_THREAD, "1")},
                start_new_session=True,  # Ctrl-C is handled by this process alone
            )

    def alive(self) -> bool:
        """Whether it is running, and was started by this process."""
        mine = not self._closed and self.owner == os.getpid()
        return mine and self._process.poll() is None

    def close(self) -> None:
        """End it, and with it every worker."""
        if self._closed or self.owner != os.getpid():
            return
        self._closed = True
        self._wire.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._errors.close()

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
                raise SandboxError("the sandbox has ended")
            try:
                until = time.monotonic() + SECONDS_TO_START
                if not self._ready:
                    self._ready = bool(self._wire.receive(until))
                socket.send_fds(self._socket, [msgpack.packb(order)], descriptors)
                return mapping(self._wire.receive(until))
            except (WireError, OSError) as error:
                words = self.last_error()
                self.close()
                raise SandboxError(f"the sandbox does not work{words}") from error
            except BaseException:
                self.close()
                raise

    def last_error(self) -> str:
        """The last line that it, or a worker that failed to start, wrote to standard error."""
        if self._closed:
            return ""
        self._errors.seek(0)
        lines = self._errors.read().decode(errors="replace").strip().splitlines()
        return f": {lines[-1]}" if lines else ""


_fork_server: ForkServer | None = None
_start_lock = threading.Lock()


def fork_server() -> ForkServer:
    """The one fork server of this process, started at the first call and after its end."""
    global _fork_server
    with _start_lock:
        if _fork_server is None or not _fork_server.alive():
            if _fork_server is not None:
                atexit.unregister(_fork_server.close)
                _fork_server.close()
            _fork_server = ForkServer()
            atexit.register(_fork_server.close)
        return _fork_server
