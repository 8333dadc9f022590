"""Objects of the probe: made in a reading, fed and asked, whatever comes of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from trigrad.contracts.schema import Array, Contract, shape_of
from trigrad.subject.dialects.adapters import Speaker
from trigrad.subject.dialects.array_paths import Path, arrays_in
from trigrad.subject.dialects.conventions import Made, Reading
from trigrad.subject.dialects.layer_caller import Hand
from trigrad.subject.dialects.weight_snapshot import Kept

LENGTHS = (4, 2, 3, 5, 6, 7)
"""All different, so that a shape tells its axes."""

ERRORS = (Exception, SystemExit)
"""What a learner's code may raise: the claims will meet it again, and report it."""


class Unrestored(Hand):
    """A hand that leaves the weights as backward left them, for the probe to see."""

    def _put_back(self, made: Made, kept: Kept) -> None:
        made.overwritten = kept.changed()
        self._before = kept

    def lost(self, name: str) -> Array | None:
        """What backward has subtracted from a parameter; None if it has left it as it was."""
        taken = self._before.taken(name)
        return taken if taken is not None and taken.any() else None


@dataclass(frozen=True)
class Attempt:
    """One object of the probe, after forward and perhaps backward."""

    hand: Unrestored
    made: Made
    output: Any
    gradients: dict[str, Any]
    before: dict[Path, tuple[int, Array]]
    """What the object held before backward."""


class Trials:
    """Makes objects in a reading, with sizes that are all different."""

    def __init__(self, contract: Contract, speaker: Speaker) -> None:
        self.contract = contract
        self.speaker = speaker
        self.sizes = dict(zip(contract.symbols, LENGTHS, strict=False))
        random = np.random.RandomState(20)
        self.parameters = {
            v.name: random.randn(*shape_of(v.shape, self.sizes)) for v in contract.parameters
        }
        self.operands = [random.randn(*shape_of(v.shape, self.sizes)) for v in contract.operands]
        self.dout = random.randn(*shape_of(contract.output, self.sizes))

    def make(self, reading: Reading) -> tuple[Hand, Made]:
        """An object with the probe's weights."""
        hand = Hand(self.contract, self.speaker, reading)
        parameters = {n: a.copy() for n, a in self.parameters.items()}
        return hand, hand.make(parameters, self.sizes)

    def forward(self, reading: Reading) -> tuple[Hand, Made, Any] | None:
        """An object after forward; None where that raises or gives no output of the shape."""
        try:
            hand, made = self.make(reading)
            output = hand.forward(made, [x.copy() for x in self.operands])
        except ERRORS:
            return None
        due = shape_of(self.contract.output, self.sizes)
        return (hand, made, output) if value_shape(output) == due else None

    def attempt(self, reading: Reading, factor: float = 1.0) -> Attempt | None:
        """An object after backward; None where a pass raises."""
        tried = self.forward(reading)
        if tried is None:
            return None
        _, made, output = tried
        before = {path: (id(a), a.copy()) for path, a in arrays_in(made.subject)}
        unrestored = Unrestored(self.contract, self.speaker, reading)
        try:
            gradients = unrestored.backward(made, factor * self.dout)
        except ERRORS:
            return None
        return Attempt(unrestored, made, output, gradients, before)

    def doubled(self) -> Trials:
        """The same with every sample twice."""
        twice = Trials(self.contract, self.speaker)
        twice.sizes = {**self.sizes, "N": 2 * self.sizes["N"]}
        twice.operands = [np.concatenate([x, x]) for x in self.operands]
        twice.dout = np.concatenate([self.dout, self.dout])
        return twice


def value_shape(value: Any) -> tuple[int, ...] | None:
    """The shape of an array or number; None for anything else."""
    if isinstance(value, np.ndarray):
        return tuple(map(int, value.shape))
    return () if isinstance(value, int | float | np.number) else None
