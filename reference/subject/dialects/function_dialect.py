"""The dialect of functions of arrays that have no backward."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, ClassVar

from trigrad.contracts.schema import Contract
from trigrad.subject.dialects.bytecode import called_arguments
from trigrad.subject.face import FUNCTION, BatchAxis, Build


class FunctionDialect:
    """A function of arrays."""

    takes_dout = False
    batch_axis = BatchAxis.ROWS
    calls: ClassVar = {"forward": FUNCTION, "backward": "backward"}

    def __init__(self, contract: Contract, function: Callable[..., Any]) -> None:
        self._contract = contract
        self._function = function
        self._callable_at = _callable_at(function) if contract.arguments is not None else 0

    @property
    def notes(self) -> tuple[str, ...]:
        """Where it takes the function, if that is not its first argument."""
        names = list(inspect.signature(self._function).parameters) if self._callable_at else []
        return (f"called as ({', '.join(names[:2])})",) if names else ()

    def build(self, command: Build) -> Any:
        """A function needs no object."""
        return None

    def forward(self, built: Any, operands: list[Any]) -> Any:
        """The function's value."""
        if self._contract.arguments is not None:
            names = [v.name for v in self._contract.operands]
            arguments = list(self._contract.arguments(dict(zip(names, operands, strict=True))))
            arguments.insert(self._callable_at, arguments.pop(0))
            return self._function(*arguments)
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


def _callable_at(function: Callable[..., Any]) -> int:
    """Which of the first two arguments is called, as in `numerical_gradient(x, f)`; 0 in doubt."""
    called = called_arguments(function)
    names = list(inspect.signature(function).parameters)[:2] if called else []
    return 1 if len(names) == 2 and names[1] in called and names[0] not in called else 0
