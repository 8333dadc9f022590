"""A face around another: it changes what is run, and leaves the rest to the other."""

from __future__ import annotations

import math

from trigrad.subject.face import Face


class FaceAround:
    """Everything of a face but `run`, which each kind has of its own."""

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

    def close(self) -> None:
        """Release the resources."""
        self._face.close()
