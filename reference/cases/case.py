"""A case: concrete operands, parameters and upstream gradient."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from trigrad.contracts.schema import Array, Arrays, Contract


@dataclass(frozen=True, eq=False)
class Case:
    """Concrete operands, parameters and `dout` for one contract.

    Arrays are float64 (class labels int64) in the contract's shapes. `dout` has the output's
    shape; it is None where the output is a scalar loss, whose backward is called as in training.
    """

    sizes: Mapping[str, int]
    operands: Arrays
    parameters: Arrays
    dout: Array | None = None

    @property
    def arrays(self) -> dict[str, Array]:
        """Operands and parameters by name."""
        return {**self.operands, **self.parameters}

    @property
    def shown(self) -> dict[str, Array]:
        """All arrays that a reader needs to do the case by hand."""
        return self.arrays if self.dout is None else {**self.arrays, "dout": self.dout}

    @property
    def entries(self) -> int:
        """How many numbers the case consists of: with fewer, it is easier to do by hand."""
        return sum(array.size for array in self.shown.values())

    @cached_property
    def product_of_largest(self) -> float:
        """The product over the arrays of their largest absolute entries, of 1 where it is less."""
        largest = (float(np.abs(array).max(initial=0.0)) for array in self.shown.values())
        return math.prod(max(1.0, each) for each in largest)

    def with_values(self, **arrays: Array) -> Case:
        """The same case with other arrays of the same shapes."""
        return replace(
            self,
            operands={k: arrays.get(k, v) for k, v in self.operands.items()},
            parameters={k: arrays.get(k, v) for k, v in self.parameters.items()},
        )

    def with_dout(self, dout: Array) -> Case:
        """The same case with another upstream gradient."""
        return replace(self, dout=dout)

    def rows(self, contract: Contract, indices: Sequence[int]) -> Case:
        """The case of some rows of the batch, in that order; a row may be repeated."""
        pick = np.asarray(indices, dtype=np.intp)
        return replace(
            self,
            sizes={**self.sizes, "N": len(pick)},
            operands={
                k: v[pick] if contract.is_batched(k) else v for k, v in self.operands.items()
            },
            dout=None if self.dout is None else self.dout[pick],
        )
