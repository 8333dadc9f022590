"""Whether a loss takes its target as class labels only."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from trigrad.contracts.schema import Array, Contract, Domain, shape_of
from trigrad.subject.dialects.adapters import Speaker
from trigrad.subject.dialects.conventions import Reading
from trigrad.subject.dialects.experiments import ERRORS, LENGTHS, value_shape
from trigrad.subject.dialects.layer_caller import Hand


class LabelFinder:
    """Whether a loss takes its target as class labels only."""

    def __init__(self, contract: Contract, speaker: Speaker) -> None:
        self._contract = contract
        self._speaker = speaker

    def read(self) -> Reading:
        """One-hot targets where they give a loss, else labels where these do."""
        hot = [v.name for v in self._contract.operands if v.domain is Domain.ONE_HOT]
        if not hot:
            return Reading()
        plain = Reading()
        labels = replace(plain, labels=hot[0], notes=(f"{hot[0]} is handed over as class labels",))
        if self._works(plain, back=False) or not self._works(labels, back=True):
            return plain
        return labels if self._takes_nothing_else(labels) else plain

    def _takes_nothing_else(self, labels: Reading) -> bool:
        """Whether backward has no branch for one-hot targets: then they were meant to be taken.

        The book tells them by their number of entries, which for a single class is that of labels,
        too. The loss of a single class is 0, and so is its gradient, unless 0 is read as one-hot.
        """
        sizes = dict.fromkeys(self._contract.symbols, 1) | {self._contract.symbols[0]: 2}
        gradient = self._tried(labels, sizes, back=True)[1]
        return isinstance(gradient, np.ndarray) and not gradient.any()

    def _works(self, reading: Reading, *, back: bool) -> bool:
        """Whether forward gives a loss and, where that is asked, backward a gradient."""
        sizes = dict(zip(self._contract.symbols, LENGTHS, strict=False))
        output, gradient = self._tried(reading, sizes, back=back)
        shape = shape_of(self._contract.operands[0].shape, sizes)
        return np.size(output) == 1 and (not back or value_shape(gradient) == shape)

    def _tried(self, reading: Reading, sizes: dict[str, int], *, back: bool) -> tuple[Any, Any]:
        """The loss and the gradient of the first operand; nothing where something is raised."""
        operands = list(_sample(self._contract, sizes))
        hand = Hand(self._contract, self._speaker, reading)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                made = hand.make({}, sizes)
                output = hand.forward(made, operands)
                gradients = hand.backward(made, None) if back else {}
            except ERRORS:
                return (), None
        return output, gradients.get(self._contract.operands[0].name)


def _sample(contract: Contract, sizes: dict[str, int]) -> Iterator[Array]:
    random = np.random.RandomState(20)
    for variable in contract.operands:
        shape = shape_of(variable.shape, sizes)
        if variable.domain is Domain.ONE_HOT:
            yield np.eye(shape[1])[np.arange(shape[0]) % shape[1]]
        else:
            yield random.randn(*shape)
