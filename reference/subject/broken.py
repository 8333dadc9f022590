"""The face of a layer whose definition failed: every command has that error as its result."""

from __future__ import annotations

import math
from collections.abc import Sequence

from trigrad.subject.face import Command, Raised, Result


class BrokenFace:
    """Answers every command with the error of the definition."""

    takes_dout = False
    frameworks = ()
    over = False

    def __init__(self, raised: Raised) -> None:
        self.raised = raised

    def has(self, method: str) -> bool:
        """Always False: the layer is not defined."""
        return False

    def run(self, commands: Sequence[Command]) -> list[Result]:
        """The error of the definition, once for each command."""
        return [self.raised] * len(commands)

    def run_some(self, runs: Sequence[Sequence[Command]]) -> list[list[Result]]:
        """The same for each run."""
        return [self.run(commands) for commands in runs]

    def start_clock(self, share: float, at_most: float = math.inf) -> None:
        """Nothing to do: no call is run."""

    def revive(self) -> None:
        """Nothing to do: no worker has ended."""

    def stop(self, ending: Raised) -> None:
        """Nothing to do: every result is an error already."""

    def close(self) -> None:
        """Nothing to do: there is no worker."""
