"""A word on stderr where a search lasts."""

from __future__ import annotations

import time
from types import TracebackType

from rich.console import Console
from rich.status import Status

PATIENCE = 2.0
"""Seconds without one."""


class Waiting:
    """Says how often the loss was computed, from PATIENCE on, where stderr is a terminal."""

    def __init__(self) -> None:
        self._until = time.monotonic() + PATIENCE
        self._status: Status | None = None

    def __enter__(self) -> Waiting:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._status is not None:
            self._status.stop()

    def told(self, evaluations: int) -> None:
        """The loss was computed so many times."""
        if time.monotonic() < self._until:
            return
        words = f"gradcheck: looking for what is wrong, {evaluations:,} evaluations of the loss"
        if self._status is None:
            self._status = Console(stderr=True).status(words)
            self._status.start()
        self._status.update(words)
