"""Sums, means, extremes and the like along axes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from trigrad.tracing import ties
from trigrad.tracing.array import Array
from trigrad.tracing.conversion import dtype_of, is_stand_in, made, tensor_of
from trigrad.tracing.session import BEFORE, lose

Axis = int | tuple[int, ...] | None
_MISSING: Any = np._NoValue


def given(value: Any) -> bool:
    """Whether an argument was passed, in NumPy's way to leave one out."""
    return value is not _MISSING


def into(out: Any, result: Any) -> Any:
    """A result, or the array that was to take it."""
    if isinstance(out, tuple):
        (out,) = out
    if out is None or not given(out):
        return result
    if not is_stand_in(out):
        lose(BEFORE)
    out.store(tensor_of(result))
    return out


def axes_of(value: torch.Tensor, axis: Any) -> list[int]:
    """The axes that an argument means, from the first."""
    if axis is None:
        return list(range(value.ndim))
    axes = axis if isinstance(axis, list | tuple) else (axis,)
    found = [int(each) for each in axes]
    for each in found:
        if not -value.ndim <= each < value.ndim:
            raise np.exceptions.AxisError(each, value.ndim)
    return [each % value.ndim for each in found]


def float_dtype(dtype: Any, value: Any) -> np.dtype[Any]:
    """The dtype of a result: the one that was asked for, or that of the value."""
    if dtype is None or not given(dtype):
        return dtype_of(value)
    found: np.dtype[Any] = np.dtype(dtype)
    if found.kind != "f":
        lose(f"dtype={found}")
    return found


def _reduction(
    reduce: Callable[[torch.Tensor, list[int], bool], torch.Tensor], neutral: float | None
) -> Callable[..., Any]:
    """NumPy's function for a reduction; `neutral` is what stands where `where=` is false."""

    def call(
        a: Any,
        axis: Axis = None,
        dtype: Any = None,
        out: Any = None,
        keepdims: Any = False,
        initial: Any = _MISSING,
        where: Any = _MISSING,
    ) -> Any:
        value = tensor_of(a)
        if given(where) and where is not True:
            chosen = torch.tensor(np.asarray(where, dtype=bool))
            if neutral is None and not given(initial):
                raise ValueError("reduction operation does not have an identity")
            filler = float(initial) if neutral is None else neutral
            value = torch.where(chosen, value, filler)
        axes = axes_of(value, axis)
        result = reduce(value, axes, bool(given(keepdims) and keepdims)) if value.ndim else value
        if given(initial) and initial is not None:
            result = _WITH_INITIAL[reduce](result, tensor_of(initial))
        return into(out, made(result, float_dtype(dtype, a)))

    return call


def _sum(value: torch.Tensor, axes: list[int], keepdims: bool) -> torch.Tensor:
    return value.sum(axes, keepdim=keepdims) if axes else value


def _prod(value: torch.Tensor, axes: list[int], keepdims: bool) -> torch.Tensor:
    for axis in sorted(axes, reverse=True):
        value = value.prod(axis, keepdim=keepdims)
    return value


def _extreme(sign: float) -> Callable[[torch.Tensor, list[int], bool], torch.Tensor]:
    def reduce(value: torch.Tensor, axes: list[int], keepdims: bool) -> torch.Tensor:
        if not axes:
            return value
        best = value.amax(axes, keepdim=True) if sign > 0 else value.amin(axes, keepdim=True)
        note_others(value, best, axes)
        return best if keepdims else best.squeeze(axes)

    return reduce


def note_others(value: torch.Tensor, best: torch.Tensor, axes: list[int]) -> None:
    """Note how far all others are from the one that is chosen, the first of the best."""
    if not value.requires_grad:
        return
    kept = [axis for axis in range(value.ndim) if axis not in axes]
    rows = (best - value).permute(*kept, *axes).reshape(*(value.shape[k] for k in kept), -1)
    if rows.shape[-1] > 1:
        first = rows.detach().abs().argmin(-1, keepdim=True)
        others = torch.ones_like(rows, dtype=torch.bool).scatter(-1, first, False)
        ties.note(rows[others])


_MAX, _MIN = _extreme(1.0), _extreme(-1.0)
_WITH_INITIAL: dict[Any, Callable[..., torch.Tensor]] = {
    _sum: torch.add,
    _prod: torch.mul,
    _MAX: torch.maximum,
    _MIN: torch.minimum,
}

sum_, prod = _reduction(_sum, 0.0), _reduction(_prod, 1.0)


def _extreme_function(reduce: Callable[..., torch.Tensor]) -> Callable[..., Any]:
    inner = _reduction(reduce, None)

    def call(
        a: Any,
        axis: Axis = None,
        out: Any = None,
        keepdims: Any = False,
        initial: Any = _MISSING,
        where: Any = _MISSING,
    ) -> Any:
        return inner(a, axis, None, out, keepdims, initial, where)

    return call


max_, min_ = _extreme_function(_MAX), _extreme_function(_MIN)


def mean(
    a: Any,
    axis: Axis = None,
    dtype: Any = None,
    out: Any = None,
    keepdims: Any = False,
    *,
    where: Any = _MISSING,
) -> Any:
    """`np.mean`."""
    total = sum_(a, axis, dtype, None, keepdims, where=where)
    shape = tuple(tensor_of(a).shape)
    chosen = np.broadcast_to(where if given(where) else True, shape)
    counts = np.sum(chosen, axis=axis, keepdims=bool(given(keepdims) and keepdims))
    return into(out, total / (counts if np.ndim(counts) else int(counts)))


def var(
    a: Any,
    axis: Axis = None,
    dtype: Any = None,
    out: Any = None,
    ddof: float = 0,
    keepdims: Any = False,
    *,
    where: Any = _MISSING,
    mean: Any = _MISSING,
    correction: Any = _MISSING,
) -> Any:
    """`np.var`."""
    if given(where):
        lose("np.var(…, where=…)")
    value = tensor_of(a)
    axes = axes_of(value, axis)
    count = int(np.prod([value.shape[each] for each in axes]))
    centre = tensor_of(mean) if given(mean) else value.mean(axes, keepdim=True)
    off = count - (correction if given(correction) else ddof)
    keep = bool(given(keepdims) and keepdims)
    result = ((value - centre) ** 2).sum(axes, keepdim=keep) / off
    return into(out, made(result, float_dtype(dtype, a)))


def std(a: Any, axis: Axis = None, dtype: Any = None, out: Any = None, **more: Any) -> Any:
    """`np.std`."""
    square = var(a, axis, dtype, None, **more)
    return into(out, made(tensor_of(square).sqrt(), float_dtype(dtype, a)))


def ptp(a: Any, axis: Axis = None, out: Any = None, keepdims: Any = False) -> Any:
    """`np.ptp`."""
    return into(out, max_(a, axis, None, keepdims) - min_(a, axis, None, keepdims))


def average(
    a: Any, axis: Axis = None, weights: Any = None, returned: bool = False, *, keepdims: Any = False
) -> Any:
    """`np.average`."""
    value = tensor_of(a)
    if weights is None:
        scale, found = None, mean(a, axis, keepdims=keepdims)
    else:
        scale = tensor_of(weights)
        if scale.shape != value.shape:
            (only,) = axes_of(value, axis)
            scale = scale.reshape([-1 if k == only else 1 for k in range(value.ndim)])
        dtype = dtype_of(a, weights)
        spread = Array(scale.broadcast_to(value.shape), dtype)
        scale = sum_(spread, axis, None, None, keepdims)
        found = sum_(Array(value * spread.tensor, dtype), axis, None, None, keepdims) / scale
    if returned:
        return found, scale if scale is not None else value.numel() / max(np.size(found), 1)
    return found


def running(run: Callable[[torch.Tensor, int], torch.Tensor]) -> Callable[..., Any]:
    """NumPy's function for what runs along an axis, as `np.cumsum` does."""

    def call(a: Any, axis: int | None = None, dtype: Any = None, out: Any = None) -> Any:
        value = tensor_of(a)
        if axis is None:
            value, axis = value.reshape(-1), 0
        return into(out, made(run(value, axis), float_dtype(dtype, a)))

    return call


cumsum, cumprod = running(torch.cumsum), running(torch.cumprod)


def without_nan(function: Callable[..., Any], filler: float) -> Callable[..., Any]:
    """`np.nansum` and the like: a reduction that leaves out what is no number."""

    def call(a: Any, *args: Any, **kwargs: Any) -> Any:
        value = tensor_of(a)
        clean = Array(torch.where(torch.isnan(value), filler, value), dtype_of(a))
        return function(clean, *args, **kwargs)

    return call
