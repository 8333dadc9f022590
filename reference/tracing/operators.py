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
        inputs = (other, self) if reflected else (self, other)
        return self._table["__operator__"](name, inputs)

    return call


def _in_place(name: str) -> Function:
    return lambda self, other: self._table["__in_place__"](name, self, other)


def in_place(name: str, array: Array, other: Any) -> Array:
    """`array += other`, and the like.

    Raises:
        ValueError: the result has another shape.
    """
    result = tensor_of(apply(name, (array, other)))
    if result.shape != array.tensor.shape:
        raise ValueError(
            f"non-broadcastable output operand with shape {array.shape} doesn't match the "
            f"broadcast shape {tuple(result.shape)}"
        )
    array.store(result)
    return array


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
    return lambda self: self._table["__operator__"](name, (self,))
