"""Python's operators on stand-ins."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from trigrad.tracing.array import Array, StandIn
from trigrad.tracing.conversion import tensor_of
from trigrad.tracing.elementwise import COMPARISONS, apply

Function = Callable[..., Any]


def _operator(name: str, reflected: bool) -> Function:
    def call(self: StandIn, other: Any) -> Any:
        if other is None or type(other) is str:
            return NotImplemented
        return apply(name, (other, self) if reflected else (self, other))

    return call


def _in_place(name: str) -> Function:
    def call(self: Array, other: Any) -> Any:
        result = tensor_of(apply(name, (self, other)))
        if result.shape != self.tensor.shape:
            raise ValueError(
                f"non-broadcastable output operand with shape {self.shape} doesn't match the "
                f"broadcast shape {tuple(result.shape)}"
            )
        self.store(result)
        return self

    return call


def add_operators() -> None:
    """Give the stand-ins Python's operators."""
    binary = {
        "add": "add",
        "sub": "subtract",
        "mul": "multiply",
        "truediv": "divide",
        "floordiv": "floor_divide",
        "mod": "remainder",
        "divmod": "divmod",
        "pow": "power",
        "matmul": "matmul",
    }
    for operator, name in binary.items():
        setattr(StandIn, f"__{operator}__", _operator(name, False))
        setattr(StandIn, f"__r{operator}__", _operator(name, True))
        if operator != "divmod":
            setattr(Array, f"__i{operator}__", _in_place(name))
    comparisons = zip(("gt", "ge", "lt", "le", "eq", "ne"), COMPARISONS, strict=True)
    for operator, name in comparisons:
        setattr(StandIn, f"__{operator}__", _operator(name, False))
    for operator, name in {"neg": "negative", "pos": "positive", "abs": "absolute"}.items():
        setattr(StandIn, f"__{operator}__", _sign(name))


def _sign(name: str) -> Function:
    return lambda self: apply(name, (self,))
