"""The dialect of functions of arrays that have no backward."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from trigrad.contracts.schema import Contract, shape_of
from trigrad.messages import Message
from trigrad.subject.dialects.bytecode import called_arguments
from trigrad.subject.dialects.experiments import ERRORS, SIZES
from trigrad.subject.dialects.plain_dialect import PlainDialect
from trigrad.subject.dialects.returned_parts import value_shape
from trigrad.subject.face import FUNCTION, Build


class FunctionDialect(PlainDialect):
    """A function of arrays."""

    takes_dout = False
    refusal = Message("function.no_weights")
    calls: ClassVar = {"forward": FUNCTION, "backward": "backward"}

    def __init__(self, contract: Contract, function: Callable[..., Any]) -> None:
        self._contract = contract
        self._function = function
        self._callable_at = _callable_at(function) if contract.arguments is not None else 0

    @property
    def defined(self) -> Callable[..., Any]:
        """The function."""
        return self._function

    @property
    def notes(self) -> tuple[str, ...]:
        """Where it takes the function, if not first; that it returns a cache, too."""
        if self._callable_at:
            names = list(inspect.signature(self._function).parameters)
            return (str(Message("note.called_as", arguments=", ".join(names[:2]))),)
        if not self._gives_cache:
            return ()
        return (str(Message("note.tuple")),)

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
        return value_shape(returned[0]) == shape_of(self._contract.axes, sizes)

    def build(self, command: Build) -> Any:
        """A function needs no object."""
        return None

    def forward(self, built: Any, operands: list[Any]) -> Any:
        """The function's value, without the cache."""
        returned = self._called(operands)
        return returned[0] if self._gives_cache and isinstance(returned, tuple) else returned

    def own_output(
        self,
        parameters: Mapping[str, Any],
        sizes: Mapping[str, int],
        operands: list[Any],
    ) -> Any:
        """The function's value, for arrays of whatever kind."""
        return self.forward(None, operands)

    def _called(self, operands: list[Any]) -> Any:
        if self._contract.arguments is not None:
            names = [v.name for v in self._contract.operands]
            arguments = list(self._contract.arguments(dict(zip(names, operands, strict=True))))
            arguments.insert(self._callable_at, arguments.pop(0))
            return self._function(*arguments)
        return self._function(*operands)

    def backward(self, built: Any, dout: Any, operands: list[Any]) -> dict[str, Any]:
        """A function has no backward."""
        raise AttributeError("backward")


def _callable_at(function: Callable[..., Any]) -> int:
    """Which of the first two arguments is called, as in `numerical_gradient(x, f)`; 0 in doubt."""
    called = called_arguments(function)
    names = list(inspect.signature(function).parameters)[:2] if called else []
    return 1 if len(names) == 2 and names[1] in called and names[0] not in called else 0
