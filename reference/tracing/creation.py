"""Arrays made of others: `np.array`, `np.zeros_like` and the like, and changes of dtype."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from trigrad.tracing import ties
from trigrad.tracing.array import Array, StandIn
from trigrad.tracing.conversion import (
    Plain,
    dtype_of,
    is_array,
    is_stand_in,
    made,
    tensor_of,
    wrapped,
)
from trigrad.tracing.session import lose


def array(
    object: Any,  # (NumPy's name)
    dtype: Any = None,
    *,
    copy: bool | None = True,
    ndmin: int = 0,
    **_: Any,
) -> Any:
    """`np.array` of a stand-in, or of nested lists with some."""
    source = object
    if not is_stand_in(source):
        if dtype is not None and np.dtype(dtype).kind == "O":
            return np.array([None] * len(source), dtype=np.object_)
        source = Array(tensor_of(source), dtype_of(source))
        copy = False
    if dtype is not None and np.dtype(dtype) != source.dtype:
        return astype(source, dtype)
    tensor = source.tensor.clone() if copy or not is_array(source) else None
    if tensor is None and source.ndim >= ndmin:
        return source
    tensor = source.tensor if tensor is None else tensor
    return Array(tensor.reshape([1] * (ndmin - tensor.ndim) + list(tensor.shape)), source.dtype)


def asarray(a: Any, dtype: Any = None, **_: Any) -> Any:
    """`np.asarray`: the same array, if it can be."""
    return array(a, dtype, copy=None)


def copy(a: Any, *_: Any, **__: Any) -> Any:
    """`np.copy`."""
    return Array(tensor_of(a).clone(memory_format=torch.contiguous_format), dtype_of(a))


def contiguous(a: Any, dtype: Any = None, **_: Any) -> Any:
    """`np.ascontiguousarray`: a copy only where it has to be one."""
    same = asarray(a, dtype)
    if same.ndim and same.tensor.is_contiguous():
        return same
    return Array(same.tensor.contiguous().reshape(same.shape or (1,)), same.dtype)


def like(value: float) -> Any:
    """`np.zeros_like` and the like."""

    def call(
        a: Any, dtype: Any = None, order: str = "K", subok: bool = True, shape: Any = None
    ) -> Any:
        return full_like(a, value, dtype, order, subok, shape)

    return call


def full_like(
    a: Any,
    fill_value: Any,
    dtype: Any = None,
    order: str = "K",  # noqa: ARG001
    subok: bool = True,  # noqa: ARG001
    shape: Any = None,
) -> Any:
    """`np.full_like`."""
    kind = np.dtype(getattr(a, "dtype", dtype_of(a)) if dtype is None else dtype)
    return full(np.shape(a) if shape is None else shape, fill_value, kind)


def full(shape: Any, fill_value: Any, dtype: Any = None, **_: Any) -> Any:
    """`np.full`, with a traced value too."""
    kind = dtype_of(fill_value) if dtype is None else np.dtype(dtype)
    sizes = tuple(shape) if isinstance(shape, list | tuple) else (int(shape),)
    if kind.kind != "f":
        return wrapped(np.full(sizes, fill_value, kind))
    return Array(tensor_of(fill_value).broadcast_to(sizes).clone(), kind)


def empty(shape: Any, dtype: Any = np.float64, **_: Any) -> Any:
    """`np.empty`."""
    return wrapped(np.empty(shape, dtype))


def astype(source: StandIn, dtype: Any, *_: Any, copy: bool = True, **__: Any) -> Any:
    """A stand-in in another dtype.

    Whole numbers are cut off: their derivative is 0 but where the value jumps, which is noted.

    Raises:
        Untraceable: there are no numbers of that dtype.
    """
    kind = np.dtype(dtype)
    if kind.kind == "f":
        if not copy and kind == source.dtype:
            return source
        tensor = source.tensor.clone()
        return Array(tensor, kind) if is_array(source) else made(tensor, kind)
    if kind.kind not in "iub":
        lose(f"astype({kind})")
    if kind.kind == "b":
        ties.note(source.tensor)
    else:
        ties.note_steps(source.tensor)
    plain = source.tensor.detach().numpy().astype(kind)
    return plain.view(Plain) if plain.ndim else plain[()]


def where(condition: Any, x: Any = None, y: Any = None) -> Any:
    """`np.where` with all three arguments."""
    if is_stand_in(condition):
        condition = condition != 0
    chosen = torch.tensor(np.asarray(condition, dtype=bool))
    return Array(torch.where(chosen, tensor_of(x), tensor_of(y)), dtype_of(x, y))


def nan_to_num(x: Any, copy: bool = True, nan: float = 0.0, **more: Any) -> Any:
    """`np.nan_to_num`."""
    result = torch.nan_to_num(tensor_of(x), nan, **more)
    if copy:
        return made(result, dtype_of(x))
    x.store(result)
    return x


def diff(a: Any, n: int = 1, axis: int = -1, **more: Any) -> Any:
    """`np.diff`."""
    if more:
        lose("np.diff(…, prepend=…, append=…)")
    return made(tensor_of(a).diff(n, axis), dtype_of(a))


def rounded(a: Any, decimals: int = 0, out: Any = None) -> Any:
    """`np.round`."""
    if out is not None:
        lose("np.round(…, out=…)")
    scale = 10.0**decimals
    ties.note_steps(tensor_of(a) * scale + 0.5)
    return made(torch.round(tensor_of(a), decimals=int(decimals)), dtype_of(a))
