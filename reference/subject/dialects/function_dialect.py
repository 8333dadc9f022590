"""The dialect of functions of arrays that have no backward."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from trigrad.contracts.schema import Contract, shape_of
from trigrad.subject.dialects.experiments import ERRORS, SIZES, value_shape
from trigrad.subject.face import FUNCTION, BatchAxis, Build


class FunctionDialect:
    """A function of arrays."""

    takes_dout = False
    batch_axis = BatchAxis.ROWS
    turned: ClassVar[tuple[str, ...]] = ()
    calls: ClassVar = {"forward": FUNCTION, "backward": "backward"}

    def __init__(self, contract: Contract, function: Callable[..., Any]) -> None:
        self._contract = contract
        self._function = function

    @property
    def notes(self) -> tuple[str, ...]:
        """That it returns a cache, too."""
        if not self._gives_cache:
            return ()
        return ("it returns a tuple: the first value is judged, the others are taken as a cache",)

    @cached_property
    def _gives_cache(self) -> bool:
        """Whether it returns (output, cache), as the first half of a pair of functions does."""
        if self._contract.arguments is not None:
            return False
        sizes = dict(zip(self._contract.symbols, SIZES, strict=False))
        operands = [np.full(shape_of(v.shape, sizes), 0.5) for v in self._contract.operands]
        try:
            returned = self._function(*operands)
        except ERRORS:
            return False
        if not isinstance(returned, tuple) or len(returned) < 2:
            return False
        return value_shape(returned[0]) == shape_of(self._contract.output, sizes)

    def build(self, command: Build) -> Any:
        """A function needs no object."""
        return None

    def forward(self, built: Any, operands: list[Any]) -> Any:
        """The function's value, without the cache."""
        returned = self._called(operands)
        return returned[0] if self._gives_cache and isinstance(returned, tuple) else returned

    def _called(self, operands: list[Any]) -> Any:
        if self._contract.arguments is not None:
            names = [v.name for v in self._contract.operands]
            return self._function(
                *self._contract.arguments(dict(zip(names, operands, strict=True)))
            )
        return self._function(*operands)

    def backward(self, built: Any, dout: Any, operands: list[Any]) -> dict[str, Any]:
        """A function has no backward."""
        raise AttributeError("backward")

    def overwritten(self, built: Any) -> tuple[str, ...]:
        """It has no weights."""
        return ()

    def shared(self, built: Any) -> tuple[tuple[str, str], ...]:
        """It has no weights."""
        return ()

    def has(self, method: str) -> bool:
        """A function has no further methods."""
        return False

    def method(self, built: Any, name: str, operands: dict[str, Any]) -> Any:
        """A function has no further methods."""
        raise AttributeError(name)
