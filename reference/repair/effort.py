"""How much a search may do: counted in attempts, so that its outcome depends on no clock.

The seconds are only an outer limit, many times what a search usually takes.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

ATTEMPTS = 1200.0
"""Edits tried for one layer: some three seconds where nothing else runs; most searches end before,
as they have found a repair or have tried every edit."""

DECLARED = 300.0
"""The same for a layer that is declared: its forward may be a convolution in loops of Python; and
for one that may be meant as something else."""

LISTED = 0.02
"""What it counts to offer an edit that may never be tried: parsed and compared with the others."""

CONFIRMED = 20.0
"""What it counts to judge a draft by every claim, on cases of its own."""

HUNG = 80.0
"""What it counts if an edited layer does not return: its time limit, and a new process."""


class EndedError(Exception):
    """The search may do no more."""


@dataclass
class Effort:
    """What is left of it for one layer."""

    until: float
    """When the seconds are over, on the monotonic clock."""
    left: float = field(default_factory=lambda: ATTEMPTS)
    overdue: bool = False
    """Whether the seconds ended the search, not the attempts."""

    def spend(self, attempts: float) -> None:
        """Count so many attempts.

        Raises:
            EndedError: none are left, or the time is over.
        """
        self.left -= attempts
        if self.left < 0:
            raise EndedError
        self.in_time()

    def in_time(self) -> None:
        """Raise EndedError if the time is over."""
        if self.seconds <= 0:
            self.overdue = True
            raise EndedError

    @property
    def seconds(self) -> float:
        """The seconds that are left."""
        return self.until - time.monotonic()
