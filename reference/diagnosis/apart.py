"""What is said of a network that was taken apart: which layer or joint in it is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from trigrad.claim.evidence import Evidence
from trigrad.messages import Message
from trigrad.subject.face import Where


class State(StrEnum):
    """What the witnesses say of a layer inside a network."""

    RIGHT = "right"
    WRONG = "wrong"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class LayerInside:
    """A layer in a network, and whether it is right there."""

    name: str
    """Where the network holds it."""
    cls: str
    where: Where | None
    """The first line of its backward."""
    state: State
    wrong: tuple[str, ...] = ()
    """The inputs and weights whose gradients are wrong."""
    why: Message | str = ""
    """Why it is undecided."""


@dataclass(frozen=True)
class Fault:
    """One mistake in a network."""

    sentence: Message
    evidence: Evidence | None = None
    """The case of the layer, with what is and what should be."""


@dataclass(frozen=True)
class TakenApart:
    """The layers of a network in the order of forward, and its mistakes."""

    layers: tuple[LayerInside, ...]
    faults: tuple[Fault, ...] = ()
    rest: Message | None = None
    """What is known of the others."""

    @property
    def words(self) -> str:
        """The sentences as one English text."""
        found = [fault.sentence for fault in self.faults]
        return "; ".join(map(str, [*found, self.rest] if self.rest else found))
