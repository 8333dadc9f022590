"""What is noted while a function runs on stand-ins."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NoReturn

import numpy as np

from trigrad.messages import Message
from trigrad.tracing.traced import Untraceable

FLOAT64 = np.dtype(np.float64)
BEFORE = Message("lost.before")


@dataclass
class Session:
    """One run: the tensors of its leaves, and what was met."""

    leaves: list[Any] = field(default_factory=list)
    precision: np.dtype[Any] = FLOAT64
    nearest_tie: float = math.inf
    overwritten: bool = False
    stabilised: bool = False
    """Whether a tiny constant was added."""
    unstabilised: bool = False
    """Whether such constants are left out."""
    lost: Untraceable | None = None
    """The first loss of a gradient: code that catches exceptions does not hide it."""

    def meet(self, dtype: np.dtype[Any]) -> None:
        """Note the precision of a float array."""
        if dtype.itemsize < self.precision.itemsize:
            self.precision = dtype

    def meet_gap(self, gap: float) -> None:
        """Note a difference that decided something."""
        self.nearest_tie = min(self.nearest_tie, gap)


_sessions: list[Session] = [Session()]


def session() -> Session:
    """The run that is going on."""
    return _sessions[-1]


@contextmanager
def new_session() -> Iterator[Session]:
    """A run begins, and ends with the block."""
    _sessions.append(Session())
    try:
        yield _sessions[-1]
    finally:
        _sessions.pop()


def lose(construct: str | Message) -> NoReturn:
    """Refuse a construct that would lose the gradient.

    Raises:
        Untraceable: always.
    """
    refused = Untraceable(Message("tracing.lost", construct=construct))
    now = session()
    now.lost = now.lost or refused
    raise refused
