"""The limits of a worker's resources."""

from __future__ import annotations

from dataclasses import dataclass

from trigrad.defaults import TIMEOUT
from trigrad.messages import Message

MIB = 2**20

LONGEST = 86_400
"""The longest time limit, in seconds: a day."""


@dataclass(frozen=True)
class Limits:
    """The limits of one worker, which runs one layer."""

    timeout: float = TIMEOUT
    """The time limit for a claim, in seconds."""
    memory: int = 4096 * MIB
    """Bytes of address space: PyTorch, where a file imports it, takes about half of that."""
    processor: int = 600
    """Processor time in seconds, in case that trigrad has ended and cannot stop the worker."""
    files: int = 16 * MIB
    """Bytes that it can write, in its own empty folder."""
    processes: int = 16
    """Processes and threads at one time."""
    answer: int = 64 * MIB
    """Bytes of one array in a result; larger arrays are not checked."""

    def __post_init__(self) -> None:
        """Raise ValueError if the time limit is not in the allowed range."""
        if not 0 < self.timeout <= LONGEST:
            words = Message("argument.timeout", given=self.timeout, most=LONGEST)
            raise ValueError(str(words))
