"""What goes by the order of values, on complex stand-ins: by their real parts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from trigrad.messages import Message
from trigrad.tracing.imaginary import base, is_step, note, stepped
from trigrad.tracing.session import lose


def _note_others(value: Any, axis: Any, largest: bool) -> None:
    """Note how far all others are from the one that is chosen along axes."""
    axes = range(value.ndim) if axis is None else np.atleast_1d(axis) % value.ndim
    kept = [each for each in range(value.ndim) if each not in axes]
    rows = value.transpose(*kept, *axes).reshape(*(value.shape[each] for each in kept), -1)
    if rows.shape[-1] < 2:
        return
    pick = rows.real.argmax(-1) if largest else rows.real.argmin(-1)
    best = np.take_along_axis(rows, pick[..., None], -1)
    others = np.arange(rows.shape[-1]) != pick[..., None]
    note((best - rows)[others])


def extreme(name: str) -> Callable[..., Any]:
    """A function that gives the largest or smallest value along axes."""
    real = getattr(np, name)

    def call(a: Any, axis: Any = None, out: Any = None, *args: Any, **kwargs: Any) -> Any:
        value = base(a) if is_step(a) else np.asarray(base(a))
        _note_others(value, axis, name.endswith("max"))
        if "initial" in kwargs:
            kwargs["initial"] = complex(kwargs["initial"])
        found = stepped(real(value, axis, None, *args, **kwargs))
        if out is None:
            return found
        out[...] = found
        return out

    return call


def place(name: str) -> Callable[..., Any]:
    """A function that gives where the largest or smallest value is."""
    real = getattr(np, name)

    def call(a: Any, axis: Any = None, out: Any = None, **kwargs: Any) -> Any:
        _note_others(base(a), axis, name.endswith("max"))
        return real(base(a).real, axis, out, **kwargs)

    return call


def argsort(a: Any, axis: Any = -1, *_: Any, **__: Any) -> Any:
    """`np.argsort`."""
    value = base(a).reshape(-1) if axis is None else base(a)
    axis = -1 if axis is None else axis
    places = np.argsort(value.real, axis=axis, kind="stable")
    note(np.diff(np.take_along_axis(value, places, axis), axis=axis))
    return places


def sort(a: Any, axis: Any = -1, *_: Any, **__: Any) -> Any:
    """`np.sort`."""
    if axis is None:
        return stepped(_sorted_along(base(a).reshape(-1), -1))
    return stepped(_sorted_along(base(a), axis))


def sort_in_place(a: Any, axis: int = -1, **_: Any) -> None:
    """The method `sort`."""
    base(a)[...] = base(np.take_along_axis(a, argsort(a, axis), axis))


def median(a: Any, axis: Any = None, **kwargs: Any) -> Any:
    """`np.median` along one axis or all."""
    value = base(a).reshape(-1) if axis is None else base(a)
    axis = -1 if axis is None else axis
    ordered = _sorted_along(value, axis)
    count = ordered.shape[axis]
    middle = np.take(ordered, range((count - 1) // 2, count // 2 + 1), axis)
    if kwargs:
        lose(Message("lost.options", function="np.median"))
    return stepped(middle.mean(axis))


def _sorted_along(value: Any, axis: int) -> Any:
    return np.take_along_axis(value, argsort(stepped(value), axis), axis)
