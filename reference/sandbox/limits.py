"""How much a worker may use."""

from __future__ import annotations

from dataclasses import dataclass

from trigrad.defaults import TIMEOUT

MIB = 2**20

LONGEST = 86_400
"""Seconds: the longest time limit, a day."""


@dataclass(frozen=True)
class Limits:
    """What one worker is given; a worker judges one layer."""

    timeout: float = TIMEOUT
    """Seconds for a claim."""
    memory: int = 4096 * MIB
    """Bytes of address space: PyTorch, where a file imports it, takes about half of that."""
    processor: int = 600
    """Seconds of processor time, should nobody be there any more to stop it."""
    files: int = 16 * MIB
    """Bytes that can be written, in its own empty folder."""
    processes: int = 16
    """Processes and threads at one time."""
    answer: int = 64 * MIB
    """Bytes of one result: larger arrays are not looked at."""

    def __post_init__(self) -> None:
        """ValueError for a time limit that is none."""
        if not 0 < self.timeout <= LONGEST:
            raise ValueError(
                f"a time limit must be over 0 and up to {LONGEST} s, not {self.timeout}"
            )
