"""Find out whether a loss takes its targets as class labels only."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from trigrad.contracts.schema import Array, Contract, Domain, shape_of
from trigrad.messages import Message
from trigrad.subject.dialects.adapters import Adapter
from trigrad.subject.dialects.conventions import Conventions
from trigrad.subject.dialects.experiments import ERRORS, SIZES, TrialCaller
from trigrad.subject.dialects.returned_parts import value_shape


class LabelFinder:
    """Finds out whether a loss takes its targets as class labels only."""

    def __init__(self, contract: Contract, adapter: Adapter) -> None:
        self._contract = contract
        self._adapter = adapter

    def find(self) -> Conventions:
        """One-hot targets if forward gives a loss for them, else labels if it does for these."""
        hot = [v.name for v in self._contract.operands if v.domain is Domain.ONE_HOT]
        if not hot:
            return Conventions()
        plain = Conventions()
        labels = replace(
            plain, labels_for=hot[0], notes=(str(Message("note.labels", name=hot[0])),)
        )
        if self._works(plain, back=False) or not self._works(labels, back=True):
            return plain
        return labels if self._takes_nothing_else(labels) else plain

    def _takes_nothing_else(self, labels: Conventions) -> bool:
        """Whether backward has no branch for one-hot targets.

        If it has one, one-hot targets were meant to work. The book's code recognises them by
        their number of entries, so with a single class labels look the same. With one class the
        gradient is 0, unless the label 0 is treated as a one-hot target.
        """
        sizes = dict.fromkeys(self._contract.symbols, 1) | {self._contract.symbols[0]: 2}
        gradient = self._run(labels, sizes, back=True)[1]
        return isinstance(gradient, np.ndarray) and not gradient.any()

    def _works(self, conventions: Conventions, *, back: bool) -> bool:
        """Whether forward returns a number and, if `back`, backward a gradient of x's shape."""
        sizes = dict(zip(self._contract.symbols, SIZES, strict=False))
        output, gradient = self._run(conventions, sizes, back=back)
        shape = shape_of(self._contract.operands[0].shape, sizes)
        found = value_shape(output)
        is_number = found is not None and math.prod(found) == 1
        return is_number and (not back or value_shape(gradient) == shape)

    def _run(
        self, conventions: Conventions, sizes: dict[str, int], *, back: bool
    ) -> tuple[Any, Any]:
        """The loss and the gradient of the first operand; nothing if a pass raises."""
        operands = list(_sample(self._contract, sizes))
        caller = TrialCaller(self._contract, self._adapter, conventions, ())
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                instance = caller.make({}, sizes)
                output = caller.forward(instance, operands)
                gradients = caller.backward(instance, None) if back else {}
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
