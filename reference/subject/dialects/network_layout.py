"""How a network holds its weights, and which axis of its operands has the samples."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from trigrad.contracts.schema import Array, Contract, Domain, shape_of
from trigrad.subject.dialects.experiments import ERRORS, SIZES


@dataclass(frozen=True)
class NetworkLayout:
    """The layout of a network's arrays; the defaults are the book's."""

    transposed: bool = False
    """Whether W1 is (H, I) and W2 is (O, H)."""
    columns: bool = False
    """Whether x is (I, N) and t is (O, N)."""

    def weight(self, array: Any) -> Any:
        """A parameter from the contract's layout to the network's or back: a view."""
        return array.T if self.transposed and np.ndim(array) == 2 else array

    def operand(self, array: Any) -> Any:
        """An operand in the network's layout, or a result back; labels stay as they are."""
        return array.T if self.columns and np.ndim(array) == 2 else array


def layout_of_network(contract: Contract, new: Callable[[Mapping[str, int]], Any]) -> NetworkLayout:
    """The layout of the networks that `new` makes from sizes, shown by one of different sizes.

    What raises here is tried in the book's layout: the claims call it again, and report it.
    """
    sizes = dict(zip(contract.symbols, SIZES, strict=False))
    operands: list[Array] = [np.ones(shape_of(v.shape, sizes)) for v in contract.operands]
    labels: list[Array] = [
        np.zeros(sizes[v.shape[0]], np.int64) if v.domain is Domain.ONE_HOT else array
        for v, array in zip(contract.operands, operands, strict=True)
    ]
    weight = next(v for v in contract.parameters if len(v.shape) == 2)
    try:
        network = new(sizes)
        own = np.shape(network.params[weight.name])
    except ERRORS:
        return NetworkLayout()
    if own != shape_of(weight.shape, sizes)[::-1]:
        return NetworkLayout()
    for columns, passed in product((False, True), (operands, labels)):
        layout = NetworkLayout(transposed=True, columns=columns)
        try:
            network.loss(*map(layout.operand, passed))
        except ERRORS:
            continue
        return layout
    return NetworkLayout()
