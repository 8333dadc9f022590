"""A status line on stderr during a long search."""

from __future__ import annotations

import time
from types import TracebackType

from rich.console import Console
from rich.status import Status

from trigrad.messages import Message

PATIENCE = 2.0
"""Seconds before it is shown."""


class Waiting:
    """Shows how often the loss was computed, after PATIENCE seconds, if stderr is a terminal."""

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

    def show(self, evaluations: int) -> None:
        """Show how many times the loss was computed."""
        if time.monotonic() < self._until:
            return
        words = str(Message("gc.looking", evaluations=f"{evaluations:,}"))
        if self._status is None:
            self._status = Console(stderr=True).status(words)
            self._status.start()
        self._status.update(words)
