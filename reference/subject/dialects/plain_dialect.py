"""What a dialect says to what is not asked of every subject: conventions, weights, more methods."""

from __future__ import annotations

from typing import Any, ClassVar

from trigrad.contracts.schema import Arrays
from trigrad.messages import Message
from trigrad.subject.dialects.signatures import UnknownDialectError
from trigrad.subject.face import BatchAxis, Build, Sizes


class PlainDialect:
    """A dialect of something without conventions, weights in use or further methods.

    What it can do, a subclass defines; the rest is refused, in the words of `refusal`.
    """

    takes_dout = True
    batch_axis = BatchAxis.ROWS
    uncleared = False
    turned: ClassVar[tuple[str, ...]] = ()
    refusal: ClassVar[Message]

    @property
    def notes(self) -> tuple[str, ...]:
        """Nothing is known of its conventions."""
        return ()

    def _refused(self) -> UnknownDialectError:
        return UnknownDialectError(str(self.refusal))

    def build(self, command: Build) -> Any:  # noqa: ARG002
        """Refused."""
        raise self._refused()

    def forward(self, built: Any, operands: list[Any]) -> Any:  # noqa: ARG002
        """Refused."""
        raise self._refused()

    def backward(self, built: Any, dout: Any, operands: list[Any]) -> dict[str, Any]:  # noqa: ARG002
        """Refused."""
        raise self._refused()

    def stored(self, built: Any) -> dict[str, Any]:  # noqa: ARG002
        """It keeps no gradients."""
        return {}

    def rewrite(self, built: Any, parameters: Arrays, choice: int) -> None:  # noqa: ARG002
        """Refused: there are no weights, or it is not known where."""
        raise self._refused()

    def overwritten(self, built: Any) -> tuple[str, ...]:  # noqa: ARG002
        """None is known: the session compares the arrays that it has given."""
        return ()

    def shared(self, built: Any) -> tuple[tuple[str, str], ...]:  # noqa: ARG002
        """None is known."""
        return ()

    def misfits(self, built: Any) -> dict[str, tuple[Sizes, Sizes]]:  # noqa: ARG002
        """None is known: gradients have the shapes of what was given."""
        return {}

    def has(self, method: str) -> bool:  # noqa: ARG002
        """There are no further methods."""
        return False

    def method(self, built: Any, name: str, operands: dict[str, Any]) -> Any:  # noqa: ARG002
        """There are no further methods."""
        raise AttributeError(name)
