"""A face around another: it changes what is run, and leaves the rest to the other."""

from __future__ import annotations

import math
from collections.abc import Sequence

from trigrad.subject.face import Command, Face, Raised, Result


class FaceAround:
    """A face that asks another one. Each kind says what it asks, and what the results become."""

    def __init__(self, face: Face) -> None:
        self._face = face

    @property
    def takes_dout(self) -> bool:
        """Whether backward can be given an upstream gradient."""
        return self._face.takes_dout

    @property
    def frameworks(self) -> tuple[str, ...]:
        """The autodiff libraries that its text uses."""
        return self._face.frameworks

    def has(self, method: str) -> bool:
        """Whether there is a further method of that name."""
        return self._face.has(method)

    def run(self, commands: Sequence[Command]) -> list[Result]:
        """Carry out the commands in order, one result each."""
        return self._made_of(commands, self._face.run(self._asked(commands)))

    def run_some(self, runs: Sequence[Sequence[Command]]) -> list[list[Result]]:
        """Carry out the first of several runs, as many as go together; one of them at least."""
        found = self._face.run_some([self._asked(commands) for commands in runs])
        return [self._made_of(commands, r) for commands, r in zip(runs, found, strict=False)]

    def _asked(self, commands: Sequence[Command]) -> Sequence[Command]:
        """What the other face is asked in place of these commands."""
        return commands

    def _made_of(self, commands: Sequence[Command], results: list[Result]) -> list[Result]:
        """One result for each command, of what the other face gave."""
        raise NotImplementedError

    @property
    def over(self) -> bool:
        """Whether a call did not return."""
        return self._face.over

    def start_clock(self, share: float, at_most: float = math.inf) -> None:
        """Restart the time limit."""
        self._face.start_clock(share, at_most)

    def revive(self) -> None:
        """Forget that a call did not return."""
        self._face.revive()

    def stop(self, ending: Raised) -> None:
        """Take it that a call did not return."""
        self._face.stop(ending)

    def close(self) -> None:
        """Release the resources."""
        self._face.close()
