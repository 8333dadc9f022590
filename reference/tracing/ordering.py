"""What goes by the order of values: sorting, the place of the largest, the median."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from trigrad.tracing import ties
from trigrad.tracing.conversion import Plain, dtype_of, made, tensor_of
from trigrad.tracing.reductions import axes_of, into, note_others, running


def _running_extreme(sign: float) -> Callable[..., Any]:
    def run(value: torch.Tensor, axis: int) -> torch.Tensor:
        rows = (value * sign).movedim(axis, 0)
        steps = [rows[0]]
        for row in rows[1:]:
            ties.note(steps[-1] - row)
            steps.append(torch.maximum(steps[-1], row))
        return torch.stack(steps).movedim(0, axis) * sign

    return running(run)


running_max, running_min = _running_extreme(1.0), _running_extreme(-1.0)


def _chosen(name: str, sign: float) -> Callable[..., Any]:
    def call(a: Any, axis: int | None = None, out: Any = None, *, keepdims: Any = False) -> Any:
        value = tensor_of(a)
        axes = axes_of(value, axis)
        best = value.amax(axes, keepdim=True) if sign > 0 else value.amin(axes, keepdim=True)
        note_others(value, best, axes)
        real = value.detach().numpy()
        return plain(getattr(np, name)(real, axis, out, keepdims=bool(keepdims)))

    return call


def plain(value: Any) -> Any:
    """An array of integers or bools as the run has them."""
    return value.view(Plain) if isinstance(value, np.ndarray) else value


argmax, argmin = _chosen("argmax", 1.0), _chosen("argmin", -1.0)


def order(a: Any, axis: int | None = -1, *_: Any, **__: Any) -> tuple[Any, Any, int]:
    """The order of the values along an axis, with what was sorted; neighbours are noted."""
    value = tensor_of(a)
    if axis is None:
        value, axis = value.reshape(-1), -1
    places = np.argsort(value.detach().numpy(), axis=axis, kind="stable")
    ordered = torch.take_along_dim(value, torch.from_numpy(places), axis)
    ties.note(ordered.diff(dim=axis))
    return ordered, places, axis


def sort(a: Any, axis: int | None = -1, *_: Any, **__: Any) -> Any:
    """`np.sort`."""
    return made(order(a, axis)[0], dtype_of(a))


def argsort(a: Any, axis: int | None = -1, *_: Any, **__: Any) -> Any:
    """`np.argsort`."""
    return plain(order(a, axis)[1])


def median(a: Any, axis: int | None = None, out: Any = None, keepdims: bool = False) -> Any:
    """`np.median` along one axis or all."""
    ordered, _, place = order(a, axis)
    count = ordered.shape[place]
    middle = ordered.narrow(place, (count - 1) // 2, 2 - count % 2).mean(place, keepdim=keepdims)
    if keepdims and axis is None:
        middle = middle.reshape([1] * tensor_of(a).ndim)
    return into(out, made(middle, dtype_of(a)))
