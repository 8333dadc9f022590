"""What a dialect says where nothing is known of conventions, weights in use, or further methods."""

from __future__ import annotations

from typing import Any, ClassVar

from trigrad.contracts.schema import Arrays
from trigrad.subject.dialects.signatures import UnknownDialectError
from trigrad.subject.face import BatchAxis, Sizes


class NoContract:
    """The part of a dialect that is the same for all layers inside a network."""

    takes_dout = True
    batch_axis = BatchAxis.ROWS
    uncleared = False
    turned: ClassVar[tuple[str, ...]] = ()
    notes: ClassVar[tuple[str, ...]] = ()

    def stored(self, built: Any) -> dict[str, Any]:  # noqa: ARG002
        """Not read again."""
        return {}

    def rewrite(self, built: Any, parameters: Arrays, choice: int) -> None:  # noqa: ARG002
        """Not known."""
        raise UnknownDialectError("the weights of a layer in a network are not updated")

    def overwritten(self, built: Any) -> tuple[str, ...]:  # noqa: ARG002
        """Not looked for."""
        return ()

    def shared(self, built: Any) -> tuple[tuple[str, str], ...]:  # noqa: ARG002
        """Not looked for."""
        return ()

    def misfits(self, built: Any) -> dict[str, tuple[Sizes, Sizes]]:  # noqa: ARG002
        """Not looked for."""
        return {}

    def has(self, method: str) -> bool:  # noqa: ARG002
        """No further methods are called."""
        return False

    def method(self, built: Any, name: str, operands: dict[str, Any]) -> Any:  # noqa: ARG002
        """No further methods are called."""
        raise AttributeError(name)
