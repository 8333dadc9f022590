"""The table of NumPy's functions and methods as they work on stand-ins."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from trigrad.messages import Message
from trigrad.tracing import creation, elementwise, ordering, reductions, ties
from trigrad.tracing.array import StandIn
from trigrad.tracing.conversion import (
    Plain,
    holds_stand_in,
    is_array,
    is_stand_in,
    made,
    tensor_of,
    wrapped,
)
from trigrad.tracing.session import lose
from trigrad.tracing.structure import joined, moved, written

Function = Callable[..., Any]


def real_values(value: Any) -> Any:
    """A value with copies of stand-ins' values in them, whether they depend on leaves or not."""
    if is_stand_in(value):
        values = value.shadow.astype(value.dtype)
        return values if is_array(value) else values[()]
    if type(value) in (list, tuple):
        return type(value)(map(real_values, value))
    return value


def constants(value: Any, why: str | Message) -> Any:
    """A value with NumPy's arrays in place of stand-ins.

    Raises:
        Untraceable: one depends on the leaves.
    """
    if is_stand_in(value):
        return value.constant(why)
    if type(value) in (list, tuple):
        return type(value)(constants(each, why) for each in value)
    return value


def on_constants(function: Function, name: str, args: Any, kwargs: Mapping[str, Any]) -> Any:
    """A function of NumPy's that we have nothing for: of values that do not depend on leaves."""
    keywords = {key: constants(each, name) for key, each in kwargs.items()}
    return wrapped(function(*(constants(each, name) for each in args), **keywords))


def moving(name: str, real: Function) -> Function:
    """A function that moves the values of its first argument."""

    def call(*args: Any, **kwargs: Any) -> Any:
        if args:
            source, *more = args
        else:
            key = next(iter(kwargs))
            source, more = kwargs.pop(key), []
        if any(map(holds_stand_in, (*more, *kwargs.values()))):
            lose(Message("lost.option", function=f"np.{name}"))
        if not is_stand_in(source):
            source = creation.asarray(source)
        return moved(source, lambda array: real(array, *more, **kwargs))

    return call


def joining(real: Function) -> Function:
    """A function that puts the arrays of a list together."""

    def call(arrays: Any, *args: Any, out: Any = None, **kwargs: Any) -> Any:
        for ignored in ("dtype", "casting"):
            kwargs.pop(ignored, None)
        parts = list(arrays) if is_stand_in(arrays) else arrays
        return reductions.into(out, joined(lambda each: real(each, *args, **kwargs), parts))

    return call


def writing(name: str, real: Function) -> Function:
    """A function that writes values into its first argument."""
    place = 2 if name not in ("copyto", "fill_diagonal") else 1
    word = {"put": "v", "putmask": "values", "place": "vals", "put_along_axis": "values"}

    def call(target: Any, *args: Any, **kwargs: Any) -> None:
        rest = list(args)
        if len(rest) >= place:
            values = rest.pop(place - 1)
        else:
            values = kwargs.pop(word.get(name, "src" if name == "copyto" else "val"))
        before, after = rest[: place - 1], rest[place - 1 :]
        written(target, lambda into, of: real(into, *before, of, *after, **kwargs), values)

    return call


def asking(real: Function) -> Function:
    """A function that asks about values, shapes and dtypes."""

    def call(*args: Any, **kwargs: Any) -> Any:
        keywords = {key: real_values(each) for key, each in kwargs.items()}
        found = real(*map(real_values, args), **keywords)
        return found.view(Plain) if isinstance(found, np.ndarray) else found

    return call


def as_bools(real: Function) -> Function:
    """A function that asks which values are not 0."""

    def call(a: Any, *args: Any, **kwargs: Any) -> Any:
        ties.note(tensor_of(a))
        return real(tensor_of(a).detach().numpy(), *args, **kwargs)

    return call


def pad(array: Any, pad_width: Any, mode: Any = "constant", **kwargs: Any) -> Any:
    """`np.pad`, in the modes that only move values."""
    if mode not in ("constant", "edge", "reflect", "symmetric", "wrap") or "reflect_type" in kwargs:
        lose(f"np.pad(…, mode={mode!r})")
    if any(map(holds_stand_in, kwargs.values())):
        lose(Message("lost.option", function="np.pad"))
    return moved(
        creation.asarray(array),
        lambda of: np.pad(of, pad_width, mode, **kwargs),
        lambda of: np.pad(of, pad_width, mode),
    )


def where_(condition: Any, *choices: Any) -> Any:
    """`np.where`, with one argument or three."""
    return creation.where(condition, *choices) if choices else np.nonzero(condition)


def select(condlist: Any, choicelist: Any, default: Any = 0.0) -> Any:
    """`np.select`."""
    return joined(lambda each: np.select(condlist, each[0], each[1]), [list(choicelist), default])


def compress(condition: Any, a: Any, axis: Any = None, **_: Any) -> Any:
    """`np.compress`."""
    return moved(creation.asarray(a), lambda of: np.compress(condition, of, axis))


def append(arr: Any, values: Any, axis: Any = None) -> Any:
    """`np.append`."""
    return joined(lambda each: np.append(each[0], each[1], axis), [arr, values])


def insert(arr: Any, obj: Any, values: Any, axis: Any = None) -> Any:
    """`np.insert`."""
    return joined(lambda each: np.insert(each[0], obj, each[1], axis), [arr, values])


def windows(x: Any, window_shape: Any, axis: Any = None, **_: Any) -> Any:
    """`np.lib.stride_tricks.sliding_window_view`."""
    windows = np.lib.stride_tricks.sliding_window_view
    return moved(x, lambda of: windows(of, window_shape, axis))


def strided(x: Any, shape: Any = None, strides: Any = None, **_: Any) -> Any:
    """`np.lib.stride_tricks.as_strided`."""
    ratio = 8 // x.itemsize  # the tensor is in float64
    steps = None if strides is None else tuple(step * ratio for step in strides)
    return moved(x, lambda of: np.lib.stride_tricks.as_strided(of, shape, steps))


def clip(
    a: Any,
    a_min: Any = None,
    a_max: Any = None,
    out: Any = None,
    *,
    min: Any = None,
    max: Any = None,
) -> Any:
    """`np.clip`."""
    low, high = (min if a_min is None else a_min), (max if a_max is None else a_max)
    return reductions.into(out, elementwise.apply("clip", (a, low, high)))


def flatten(a: StandIn, order: Any = "C") -> Any:
    """The method `flatten`."""
    return creation.copy(np.ravel(a, order))


def shape_method(name: str) -> Function:
    """Methods that take a shape or axes as one tuple or one by one."""

    def call(a: StandIn, *sizes: Any, **kwargs: Any) -> Any:
        if name == "transpose" and (not sizes or sizes == (None,)):
            return getattr(np, name)(a)
        whole = sizes[0] if len(sizes) == 1 else sizes
        return getattr(np, name)(a, whole, **kwargs)

    return call


def fill(a: Any, value: Any) -> None:
    """The method `fill`."""
    a[...] = value


def sort_in_place(a: Any, axis: int = -1, **_: Any) -> None:
    """The method `sort`."""
    a.store(ordering.order(a, axis)[0])


def item(a: StandIn, *place: Any) -> Any:
    """The method `item`: a number, with its gradient."""
    if not place and a.size != 1:
        raise ValueError("can only convert an array of size 1 to a Python scalar")
    where = place[0] if len(place) == 1 and isinstance(place[0], tuple) else place
    flat = a.tensor.reshape(-1)
    if len(where) == 1 and a.ndim != 1:
        return made(flat[int(where[0])].clone(), a.dtype)
    return made(a.tensor[tuple(where)].clone() if where else flat[0].clone(), a.dtype)


def to_list(a: StandIn) -> Any:
    """The method `tolist`: nested lists of numbers, with their gradients."""
    return [to_list(each) if each.ndim else each for each in a] if a.ndim else item(a)


def same(a: Any, *_: Any, **__: Any) -> Any:
    """What a function gives that does nothing to real numbers."""
    return a
