"""The face of a layer whose definition did not come to its end: every question gets that answer."""

from __future__ import annotations

import math
from collections.abc import Sequence

from trigrad.subject.face import Command, Raised, Result


class BrokenFace:
    """Answers every command with what became of the definition."""

    takes_dout = False
    frameworks = ()
    over = False

    def __init__(self, raised: Raised) -> None:
        self.raised = raised

    def has(self, method: str) -> bool:
        """Nothing of it is there."""
        return False

    def run(self, commands: Sequence[Command]) -> list[Result]:
        """What became of the definition, once for each command."""
        return [self.raised] * len(commands)

    def start_clock(self, share: float, at_most: float = math.inf) -> None:
        """Nothing is run."""

    def revive(self) -> None:
        """Nothing has ended."""

    def close(self) -> None:
        """There is nothing to end."""
