"""What a hostile file could damage outside of the sandbox: a folder, listeners, our own process.

`Surroundings` creates these, tells a hostile file where they are, and reports what has changed.
"""

from __future__ import annotations

import builtins
import contextlib
import ctypes
import os
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import torch

_PR_SET_CHILD_SUBREAPER = 36

_PYTESTS_OWN = "PYTEST_CURRENT_TEST"

_OURS = (builtins, os, sys, socket, time, np, np.linalg, np.testing, torch, torch.autograd)
"""Modules whose contents must not be replaced."""


class Surroundings:
    """A folder that every user may change, and listeners that every process may connect to."""

    def __init__(self) -> None:
        # Not below pytest's folder, which other users cannot enter anyway.
        self.folder = Path(tempfile.mkdtemp(prefix="trigrad-canary-"))
        self.inner = self.folder / "inner"
        self.inner.mkdir()
        for file in (self.folder / "kept.txt", self.inner / "kept.txt"):
            file.write_text("kept", "utf-8")
            file.chmod(0o666)
        self.inner.chmod(0o777)
        self.folder.chmod(0o777)
        tcp = socket.create_server(("127.0.0.1", 0))
        self.port = tcp.getsockname()[1]
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        udp.bind(("127.0.0.1", self.port))
        self._listeners = {"TCP": tcp, "UDP": udp}
        for name, address in (
            ("an abstract socket", f"\0{self.folder.name}"),
            ("a socket's file", str(self.folder / "socket")),
        ):
            listener = self._listeners[name] = socket.socket(socket.AF_UNIX)
            listener.bind(address)
            listener.listen()
        (self.folder / "socket").chmod(0o777)
        for listener in self._listeners.values():
            listener.setblocking(False)
        # An orphaned process becomes a child of this one, so that it is found.
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        self._before = self._state()

    def __enter__(self) -> Surroundings:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)
        for listener in self._listeners.values():
            listener.close()
        shutil.rmtree(self.folder)

    def lead_to(self, file: Path, folder: Path) -> Path:
        """A copy of a hostile file in `folder` that knows where it could do damage."""
        text = file.read_text("utf-8")
        text = text.replace("/nonexistent/trigrad-canary", str(self.folder))
        text = text.replace("trigrad-hostile-nobody", self.folder.name)
        text = text.replace("\nPORT = 1\n", f"\nPORT = {self.port}\n")
        copy = folder / file.name
        copy.write_text(text, "utf-8")
        return copy

    def remember(self) -> None:
        """Remember the present state as the right one."""
        self._before = self._state()

    def changes(self) -> list[str]:
        """What has changed since the state was remembered, in words."""
        _wait_until(lambda: not self._strangers(), seconds=5)
        now = self._state()
        changed = [name for name in now if now[name] != self._before[name]]
        for module, names in self._replaced.items():
            changed += [f"{module}.{name}" for name in names]
        return changed + [f"there was a connection to {name}" for name in self._called()]

    @property
    def _replaced(self) -> dict[str, list[str]]:
        """Names in our modules that have been replaced."""
        return {
            module.__name__: [n for n, v in before.items() if vars(module).get(n) is not v]
            for module, before in self._names
        }

    def _state(self) -> dict[str, Any]:
        if not hasattr(self, "_names"):
            self._names = [(module, dict(vars(module))) for module in _OURS]
        return {
            "the folder": {str(path): _looks(path) for path in sorted(self.folder.rglob("*"))},
            "the folder itself": _looks(self.folder),
            "the current folder": (os.getcwd(), sorted(os.listdir())),
            "the environment": {k: v for k, v in os.environ.items() if k != _PYTESTS_OWN},
            "the file mode mask": _umask(),
            "processes": sorted(_descendants(os.getpid())),
            "modules": {
                name: id(module)
                for name, module in sys.modules.items()
                if name in ("numpy", "torch", "hypothesis", "pytest", "msgpack", "trigrad")
            },
        }

    def _strangers(self) -> set[int]:
        return _descendants(os.getpid()) - set(self._before["processes"])

    def _called(self) -> list[str]:
        called = []
        for name, listener in self._listeners.items():
            with contextlib.suppress(BlockingIOError):
                if listener.type == socket.SOCK_DGRAM:
                    listener.recv(1)
                else:
                    listener.accept()[0].close()
                called.append(name)
        return called


def _looks(path: Path) -> tuple[Any, ...]:
    """Everything that can be changed of a file; its change time shows changes that were undone."""
    status = path.lstat()
    content = path.read_bytes() if path.is_file() else b""
    owner = status.st_uid, status.st_gid
    return status.st_mode, owner, status.st_nlink, status.st_mtime_ns, status.st_ctime_ns, content


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _descendants(of: int) -> set[int]:
    """The processes that a process has started, directly or not, without zombies."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = stat.read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue  # it has just ended
        if state != "Z":
            parents[int(stat.parent.name)] = int(parent)
    found = {of}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {of}


def _wait_until(condition: Callable[[], bool], seconds: float) -> None:
    until = time.monotonic() + seconds
    while not condition() and time.monotonic() < until:
        time.sleep(0.02)
