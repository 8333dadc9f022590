"""What a dialect does: build and call layers that are spelled in one way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from trigrad.contracts.schema import Arrays
from trigrad.subject.face import BatchAxis, Build, Sizes


class Dialect(Protocol):
    """Builds an object and calls it, with arrays in the contract's layout."""

    takes_dout: bool

    @property
    def batch_axis(self) -> BatchAxis:
        """Which axis of the operands is the batch; known once an object has been built."""

    @property
    def uncleared(self) -> bool:
        """Whether backward adds to its gradients, and nothing that is known sets them to zero."""

    @property
    def turned(self) -> tuple[str, ...]:
        """The parameters that it stores transposed; known once an object has been built."""

    @property
    def calls(self) -> Mapping[str, str]:
        """The names of the learner's methods for "forward" and "backward"."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What is known of the conventions, once an object has been built."""

    def build(self, command: Build) -> Any:
        """A new object."""

    def forward(self, built: Any, operands: list[Any]) -> Any:
        """Its output."""

    def backward(self, built: Any, dout: Any, operands: list[Any]) -> dict[str, Any]:
        """Its gradients by the contract's names."""

    def stored(self, built: Any) -> dict[str, Any]:
        """The gradients that the last backward left in the object, read once more."""

    def rewrite(self, built: Any, parameters: Arrays, choice: int) -> None:
        """Write other values into the object's own weights, in place.

        `choice` is the number of the array to write, of those that hold the same weight.

        Raises:
            UnknownDialectError: the arrays that hold them are not known.
        """

    def overwritten(self, built: Any) -> tuple[str, ...]:
        """The weights that the last call changed in the object, and that were restored."""

    def shared(self, built: Any) -> tuple[tuple[str, str], ...]:
        """Gradients of the last backward that share memory with a weight, each with that weight."""

    def misfits(self, built: Any) -> Mapping[str, tuple[Sizes, Sizes]]:
        """Gradients of the last backward that cannot be subtracted from the object's weights."""

    def has(self, method: str) -> bool:
        """Whether there is another method of that name."""

    def method(self, built: Any, name: str, operands: dict[str, Any]) -> Any:
        """The result of another method."""
