"""From NumPy's arrays and numbers to stand-ins and tensors, and what a result becomes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import torch

from trigrad.messages import Message
from trigrad.tracing.array import Array, Scalar, StandIn
from trigrad.tracing.session import FLOAT64, lose, session


class Plain(np.ndarray[Any, Any]):
    """An array of integers or bools made in the run: what is made of it can be written to."""

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        return StandIn._table["__ufunc__"](ufunc, method, inputs, kwargs)

    def astype(self, dtype: Any, *args: Any, **kwargs: Any) -> Any:
        """A copy in another dtype; a stand-in if that is a float."""
        return wrapped(self.view(np.ndarray).astype(dtype, *args, **kwargs))


def made(tensor: torch.Tensor, dtype: np.dtype[Any] = FLOAT64) -> Any:
    """The result of an operation: NumPy gives numbers in place of arrays without axes."""
    if tensor.ndim:
        return Array(tensor, dtype)
    return Scalar(tensor, dtype) if tensor.requires_grad else dtype.type(tensor.item())


def wrapped(value: Any) -> Any:
    """What NumPy gave: new float arrays become stand-ins that a gradient can be written to."""
    if isinstance(value, np.ndarray):
        if value.dtype.kind == "f":
            session().meet(value.dtype)
            tensor = torch.tensor(np.array(value, dtype=np.float64, copy=True, order="K"))
            return Array(tensor, FLOAT64 if value.dtype == FLOAT64 else value.dtype)
        if value.dtype.kind in "iub":
            return value.view(Plain)
        return value
    if isinstance(value, np.floating):
        session().meet(value.dtype)
    if isinstance(value, list | tuple) and not hasattr(value, "_fields"):
        return type(value)(wrapped(each) for each in value)
    return value


def is_stand_in(value: Any) -> bool:
    """Whether a value is one of ours."""
    return issubclass(type(value), StandIn)


def holds_stand_in(value: Any) -> bool:
    """Whether a value is one of ours, or a nested list with one."""
    if issubclass(type(value), StandIn):
        return True
    return type(value) in (list, tuple) and any(map(holds_stand_in, value))


def is_array(value: Any) -> bool:
    """Whether a value is a stand-in for an array, which can be written to."""
    return issubclass(type(value), Array)


def broadcast(tensors: Iterable[torch.Tensor]) -> list[torch.Tensor]:
    """Tensors, all in the shape that they have together."""
    return list(torch.broadcast_tensors(*tensors))  # type: ignore[no-untyped-call]


def tensor_of(value: Any) -> torch.Tensor:
    """The values of a stand-in, an array, a number or a nested list, in float64."""
    if issubclass(type(value), StandIn):
        return value.tensor  # type: ignore[no-any-return]
    if type(value) in (list, tuple) and holds_stand_in(value):
        return torch.stack(broadcast(map(tensor_of, value)))
    array = np.asarray(value)
    if array.dtype.kind not in "fiub":
        lose(Message("gc.array_of", dtype=str(array.dtype)))
    if array.dtype.kind == "f":
        session().meet(array.dtype)
    return torch.tensor(array.astype(np.float64))


def dtype_of(*values: Any) -> np.dtype[Any]:
    """The dtype of a float result, by NumPy's rules."""
    kinds: list[Any] = []
    usual: Any = FLOAT64
    for value in values:
        kind = getattr(value, "dtype", None)
        if kind is usual:
            return FLOAT64
        if kind is None and type(value) in (list, tuple):
            kind = dtype_of(*value) if holds_stand_in(value) else np.asarray(value).dtype
        kinds.append(value if kind is None else kind)
    found = np.result_type(*kinds) if kinds else FLOAT64
    if found.kind != "f" or found.itemsize > FLOAT64.itemsize or found == FLOAT64:
        return FLOAT64
    return found
