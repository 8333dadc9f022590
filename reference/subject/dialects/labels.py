"""Whether a loss takes its target as class labels only."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from reference.contract import Array, Contract, Domain, shape_of
from reference.subject.dialects.hand import Hand
from reference.subject.dialects.made import Reading
from reference.subject.dialects.speakers import Speaker
from reference.subject.dialects.trials import ERRORS, LENGTHS, value_shape


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
        return labels

    def _works(self, reading: Reading, *, back: bool) -> bool:
        """Whether forward gives a loss and, where that is asked, backward a gradient."""
        sizes = dict(zip(self._contract.symbols, LENGTHS, strict=False))
        operands = list(_sample(self._contract, sizes))
        hand = Hand(self._contract, self._speaker, reading)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                made = hand.make({}, sizes)
                output = hand.forward(made, operands)
                gradients = hand.backward(made, None) if back else {}
            except ERRORS:
                return False
        first = self._contract.operands[0].name
        shaped = not back or value_shape(gradients.get(first)) == operands[0].shape
        return np.size(output) == 1 and shaped


def _sample(contract: Contract, sizes: dict[str, int]) -> Iterator[Array]:
    random = np.random.RandomState(20)
    for variable in contract.operands:
        shape = shape_of(variable.shape, sizes)
        if variable.domain is Domain.ONE_HOT:
            yield np.eye(shape[1])[np.arange(shape[0]) % shape[1]]
        else:
            yield random.randn(*shape)
