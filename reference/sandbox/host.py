"""The judge's side of the walls: has workers born, talks to them within a time limit, ends them."""

from __future__ import annotations

import atexit
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import IO, Any

import msgpack

from trigrad.sandbox.limits import Limits
from trigrad.sandbox.progress import read_progress
from trigrad.sandbox.validation import (
    OURS,
    OursError,
    WireClosedError,
    WireError,
    WireTimeoutError,
    mapping,
    texts,
)
from trigrad.sandbox.wire import Wire
from trigrad.sandbox.worker_exit import ENDED, FAILED, NONSENSE, TIMEOUT, Ending, in_words

_START = """
import sys
sys.path[:0] = sys.argv[2:]
from trigrad.sandbox.forkserver import main
del sys.path[: len(sys.argv) - 2]
sys.path += sys.argv[2:]
main(int(sys.argv[1]))
"""

_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")

_SECONDS_TO_START = 60.0

_SECONDS_TO_DIE = 0.01
"""How much later than its socket a process ends."""

_SECONDS_TO_SPEAK = 0.2
"""How long a worker that hangs has to say where it is."""

_SECONDS_BETWEEN_LINES = 0.02
"""If it has said something and adds nothing for so long, that was all."""


def _beside_package() -> list[str]:
    """The folder that trigrad is imported from; none where only an installation knows it.

    An interpreter of its own finds what is installed. What PYTHONPATH added it does not see; and
    in an editable installation the package's folder has another name.
    """
    package = Path(__file__).parents[1]
    return [str(package.parent)] if package.name == "trigrad" else []


class SandboxError(Exception):
    """There can be no worker here; says why."""


def available() -> bool:
    """Whether this system can fork a process and pass it a socket."""
    return hasattr(os, "fork") and hasattr(socket, "send_fds")


class Nursery:
    """The process that bears workers; started at once, waited for when the first is needed."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        self._wire = Wire(ours, 1 << 20)
        self._socket = ours
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the nursery
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
                stderr=self._said,
                cwd="/",
                env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", **dict.fromkeys(_ONE_THREAD, "1")},
                start_new_session=True,  # Ctrl-C is the judge's to handle
            )

    def alive(self) -> bool:
        """Whether it is there, and this process is the one that started it."""
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
        self._said.close()

    def bear(self, limits: Limits, readable: Sequence[str] = ()) -> Worker:
        """A new worker, which may also read what is at the paths `readable`.

        Raises:
            SandboxError: it cannot be had.
        """
        ours, theirs = socket.socketpair()
        crash_file = tempfile.TemporaryFile()  # noqa: SIM115 - the worker's, closed at its end
        try:
            order = {"do": "bear", "limits": asdict(limits), "readable": list(readable)}
            pid = self._ask(order, [theirs.fileno(), crash_file.fileno()])["pid"]
        except BaseException:
            ours.close()
            crash_file.close()
            raise
        finally:
            theirs.close()
        return Worker(self, pid, ours, crash_file, limits)

    def bury(self, pid: int) -> int:
        """Wait for a worker that has ended; its status, negative for a signal.

        Raises:
            SandboxError: the nursery is not there any more.
        """
        status = int(self._ask({"do": "bury", "pid": pid}, [])["status"])
        return status if status < 128 else 128 - status

    def _ask(self, order: dict[str, Any], descriptors: Sequence[int]) -> dict[str, int]:
        """One question and its answer, one thread after the other.

        Whatever comes between the two, an interrupt too, would leave an answer for the next to
        take for its own: then there is an end to this nursery, and the next call has a new one.
        """
        with self._lock:
            if not self.alive():
                raise SandboxError("the sandbox has ended")
            try:
                until = time.monotonic() + _SECONDS_TO_START
                if not self._ready:
                    self._ready = bool(self._wire.receive(until))
                socket.send_fds(self._socket, [msgpack.packb(order)], descriptors)
                return mapping(self._wire.receive(until))
            except (WireError, OSError) as error:
                words = self.last_words()
                self.close()
                raise SandboxError(f"the sandbox does not work{words}") from error
            except BaseException:
                self.close()
                raise

    def last_words(self) -> str:
        """What it, or a worker that came to nothing, has said last."""
        if self._closed:
            return ""
        self._said.seek(0)
        lines = self._said.read().decode(errors="replace").strip().splitlines()
        return f": {lines[-1]}" if lines else ""


_nursery: Nursery | None = None
_birth = threading.Lock()


def nursery() -> Nursery:
    """The one nursery of this process, started at the first call and after its end."""
    global _nursery
    with _birth:
        if _nursery is None or not _nursery.alive():
            if _nursery is not None:
                atexit.unregister(_nursery.close)
                _nursery.close()
            _nursery = Nursery()
            atexit.register(_nursery.close)
        return _nursery


class Worker:
    """One process that runs foreign code, and all that the judge does with it."""

    def __init__(
        self,
        nursery: Nursery,
        pid: int,
        connection: socket.socket,
        crash_file: IO[bytes],
        limits: Limits,
    ) -> None:
        self._nursery = nursery
        self._pid = pid
        self._wire = Wire(connection, 8 * limits.answer)
        self._crash_file = crash_file
        self._status: int | None = None
        self._ended = False
        self._left_behind = (0, 0.0, "")
        try:
            first = self.receive(time.monotonic() + _SECONDS_TO_START)
            self.lacking = texts(first["lacking"])
        except (WireError, KeyError, TypeError) as error:
            self.end()
            words = nursery.last_words()
            raise SandboxError(f"no worker starts in the sandbox{words}") from error

    def send(self, message: Any, until: float) -> None:
        """Send one message; see Wire.send."""
        self._wire.send(message, until)

    def receive(self, until: float) -> Any:
        """The next message; see Wire.receive."""
        return self._wire.receive(until)

    def end(self) -> int | None:
        """Kill it and everything that it has started; its status, None if that is not known."""
        if not self._ended:
            self._ended = True
            self._wire.close()
            try:
                self._kill(signal.SIGKILL)
                self._status = self._nursery.bury(self._pid)
            except SandboxError:
                self._status = None  # the nursery has ended, and every worker with it
            self._crash_file.seek(0)
            self._left_behind = read_progress(self._crash_file.read(1 << 16))
            self._crash_file.close()
        return self._status

    def autopsy(self, why: WireError) -> Ending:
        """How it came to an end, and the line where it was; it is ended if it isn't yet."""
        now = time.monotonic()
        if isinstance(why, WireTimeoutError):
            self._make_speak()
        elif isinstance(why, WireClosedError):
            time.sleep(_SECONDS_TO_DIE)
        status = self.end()
        done, at, _ = self._left_behind
        places = self._places()
        ending = partial(
            Ending,
            places=[(file, line) for file, line, _ in places],
            functions=tuple(function for *_, function in places),
            done=done,
            since=now - at,
        )
        if status is None:
            return ending(FAILED, f"{OURS}: the sandbox has ended")
        if isinstance(why, WireTimeoutError):
            return ending(TIMEOUT, "")
        if isinstance(why, WireClosedError):
            return ending(ENDED, in_words(status))
        if isinstance(why, OursError):
            return ending(FAILED, str(why))
        return ending(NONSENSE, f"answered with {why}, where results were due")

    def _make_speak(self) -> None:
        """Have it write down where it is, and wait until that is there."""
        silent = written = os.fstat(self._crash_file.fileno()).st_size
        self._kill(signal.SIGUSR1)
        until = time.monotonic() + _SECONDS_TO_SPEAK
        while time.monotonic() < until:
            time.sleep(_SECONDS_BETWEEN_LINES)
            before, written = written, os.fstat(self._crash_file.fileno()).st_size
            if written == before > silent:
                break

    def _kill(self, number: signal.Signals) -> None:
        """Send a signal. Until it is buried, its process id is nobody else's."""
        if self._nursery.alive():
            os.kill(self._pid, number)

    def _places(self) -> list[tuple[str, int, str]]:
        """Files, lines and functions, innermost first, that Python wrote down when it stopped."""
        found = re.findall(
            r'^  File "(.*)", line (\d{1,7}) in (.*)$', self._left_behind[2], re.MULTILINE
        )
        return [(file, int(line), function) for file, line, function in found]
