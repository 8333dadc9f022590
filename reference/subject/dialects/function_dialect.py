"""The dialect of functions of arrays that have no backward."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from trigrad.contracts.schema import Arrays, Contract
from trigrad.subject.dialects.signatures import UnknownDialectError
from trigrad.subject.face import FUNCTION, BatchAxis, Build


class FunctionDialect:
    """A function of arrays."""

    takes_dout = False
    batch_axis = BatchAxis.ROWS
    calls: ClassVar = {"forward": FUNCTION, "backward": "backward"}
    notes: ClassVar[tuple[str, ...]] = ()

    def __init__(self, contract: Contract, function: Callable[..., Any]) -> None:
        self._contract = contract
        self._function = function

    def build(self, command: Build) -> Any:
        """A function needs no object."""
        return None

    def forward(self, built: Any, operands: list[Any]) -> Any:
        """The function's value."""
        if self._contract.arguments is not None:
            names = [v.name for v in self._contract.operands]
            return self._function(
                *self._contract.arguments(dict(zip(names, operands, strict=True)))
            )
        return self._function(*operands)

    def backward(self, built: Any, dout: Any, operands: list[Any]) -> dict[str, Any]:
        """A function has no backward."""
        raise AttributeError("backward")

    def stored(self, built: Any) -> dict[str, Any]:
        """It has no gradients."""
        return {}

    def rewrite(self, built: Any, parameters: Arrays, choice: int) -> None:
        """It has no weights."""
        raise UnknownDialectError("a function has no weights")

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
