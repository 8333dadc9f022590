"""A layer, however it is spelt, built and called in the contract's terms."""

from __future__ import annotations

from typing import Any

from trigrad.contracts.schema import Contract
from trigrad.subject.dialects.adapters import Speaker
from trigrad.subject.dialects.conventions import Made, Reading
from trigrad.subject.dialects.discovery import read
from trigrad.subject.dialects.layer_caller import Hand
from trigrad.subject.face import Build


class LayerDialect:
    """A class with two passes, a pair of functions, or a function that gives both.

    What only a running object shows is read when the first one is built: nothing of the
    subject's runs before.
    """

    def __init__(self, contract: Contract, speaker: Speaker) -> None:
        self._contract = contract
        self._speaker = speaker
        self._reading: Reading | None = None
        self.takes_dout = speaker.takes_dout
        self.calls = speaker.calls

    @property
    def notes(self) -> tuple[str, ...]:
        """What a learner should know of how it was read."""
        left = ("the output and dx are read from the object",) if self._speaker.silent else ()
        return left + (self._reading.notes if self._reading is not None else ())

    def build(self, command: Build) -> tuple[Hand, Made]:
        """The object with the weights of the case.

        Raises:
            UnknownDialectError: it cannot be found where weights or gradients are kept.
        """
        if self._reading is None:
            self._reading = read(self._contract, self._speaker)
        hand = Hand(self._contract, self._speaker, self._reading)
        return hand, hand.make(command.parameters, command.sizes)

    def forward(self, built: tuple[Hand, Made], operands: list[Any]) -> Any:
        """The output of forward."""
        hand, made = built
        return hand.forward(made, operands)

    def backward(
        self,
        built: tuple[Hand, Made],
        dout: Any,
        operands: list[Any],  # noqa: ARG002 - a layer remembers its own
    ) -> dict[str, Any]:
        """Gradients: what backward returns, and for the weights what it stores."""
        hand, made = built
        return hand.backward(made, dout)

    def overwritten(self, built: tuple[Hand, Made]) -> tuple[str, ...]:
        """Weights that the last call changed."""
        return built[1].overwritten if built is not None else ()

    def shared(self, built: tuple[Hand, Made]) -> tuple[tuple[str, str], ...]:
        """Gradients of the last backward that lie in a weight's memory, each with that weight."""
        return built[1].shared if built is not None else ()

    def has(self, method: str) -> bool:  # noqa: ARG002 - none
        """No further method is known of it."""
        return False

    def method(self, built: Any, name: str, operands: dict[str, Any]) -> Any:  # noqa: ARG002
        """A layer has no further methods."""
        raise AttributeError(name)
