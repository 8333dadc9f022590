"""The table of NumPy's functions and methods as they work on stand-ins."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch

from trigrad.tracing import creation, elementwise, iteration, products, reductions, ties
from trigrad.tracing.array import (
    Array,
    Plain,
    StandIn,
    dtype_of,
    holds_stand_in,
    is_array,
    is_stand_in,
    made,
    tensor_of,
    wrapped,
)
from trigrad.tracing.names import JOINING, METHODS, MOVING, VALUES, WRITING
from trigrad.tracing.proxies import name_of
from trigrad.tracing.session import lose
from trigrad.tracing.structure import Flat, joined, moved, set_item, take_item, written
from trigrad.tracing.ufuncs import call_ufunc

Function = Callable[..., Any]


def real_values(value: Any) -> Any:
    """A value with copies of stand-ins' values in them, whether they depend on leaves or not."""
    if is_stand_in(value):
        values = value.shadow.astype(value.dtype)
        return values if is_array(value) else values[()]
    if type(value) in (list, tuple):
        return type(value)(map(real_values, value))
    return value


def constants(value: Any, why: str) -> Any:
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


def _moving(name: str, real: Function) -> Function:
    def call(*args: Any, **kwargs: Any) -> Any:
        if args:
            source, *more = args
        else:
            key = next(iter(kwargs))
            source, more = kwargs.pop(key), []
        if any(map(holds_stand_in, (*more, *kwargs.values()))):
            lose(f"np.{name} with a traced value as an option")
        if not is_stand_in(source):
            source = creation.asarray(source)
        return moved(source, lambda array: real(array, *more, **kwargs))

    return call


def _joining(real: Function) -> Function:
    def call(arrays: Any, *args: Any, out: Any = None, **kwargs: Any) -> Any:
        for ignored in ("dtype", "casting"):
            kwargs.pop(ignored, None)
        parts = list(arrays) if is_stand_in(arrays) else arrays
        return reductions.into(out, joined(lambda each: real(each, *args, **kwargs), parts))

    return call


def _writing(name: str, real: Function) -> Function:
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


def _values(real: Function) -> Function:
    def call(*args: Any, **kwargs: Any) -> Any:
        keywords = {key: real_values(each) for key, each in kwargs.items()}
        found = real(*map(real_values, args), **keywords)
        return found.view(Plain) if isinstance(found, np.ndarray) else found

    return call


def _as_bools(real: Function) -> Function:
    """A function that asks which values are not 0."""

    def call(a: Any, *args: Any, **kwargs: Any) -> Any:
        ties.note(tensor_of(a))
        return real(tensor_of(a).detach().numpy(), *args, **kwargs)

    return call


def _pad(array: Any, pad_width: Any, mode: Any = "constant", **kwargs: Any) -> Any:
    if mode not in ("constant", "edge", "reflect", "symmetric", "wrap") or "reflect_type" in kwargs:
        lose(f"np.pad of mode {mode!r}")
    if any(map(holds_stand_in, kwargs.values())):
        lose("np.pad with a traced value as constant_values")
    return moved(
        creation.asarray(array),
        lambda of: np.pad(of, pad_width, mode, **kwargs),
        lambda of: np.pad(of, pad_width, mode),
    )


def _where(condition: Any, *choices: Any) -> Any:
    return creation.where(condition, *choices) if choices else TABLE["nonzero"](condition)


def _select(condlist: Any, choicelist: Any, default: Any = 0.0) -> Any:
    return joined(lambda each: np.select(condlist, each[0], each[1]), [list(choicelist), default])


def _compress(condition: Any, a: Any, axis: Any = None, **_: Any) -> Any:
    return moved(creation.asarray(a), lambda of: np.compress(condition, of, axis))


def _append(arr: Any, values: Any, axis: Any = None) -> Any:
    return joined(lambda each: np.append(each[0], each[1], axis), [arr, values])


def _insert(arr: Any, obj: Any, values: Any, axis: Any = None) -> Any:
    return joined(lambda each: np.insert(each[0], obj, each[1], axis), [arr, values])


def _windows(x: Any, window_shape: Any, axis: Any = None, **_: Any) -> Any:
    windows = np.lib.stride_tricks.sliding_window_view
    return moved(x, lambda of: windows(of, window_shape, axis))


def _strided(x: Any, shape: Any = None, strides: Any = None, **_: Any) -> Any:
    ratio = 8 // x.itemsize  # the tensor is in float64
    steps = None if strides is None else tuple(step * ratio for step in strides)
    return moved(x, lambda of: np.lib.stride_tricks.as_strided(of, shape, steps))


def _clip(
    a: Any,
    a_min: Any = None,
    a_max: Any = None,
    out: Any = None,
    *,
    min: Any = None,
    max: Any = None,
) -> Any:
    low, high = (min if a_min is None else a_min), (max if a_max is None else a_max)
    return reductions.into(out, elementwise.apply("clip", (a, low, high)))


def _flatten(a: StandIn, order: Any = "C") -> Any:
    return creation.copy(TABLE["ravel"](a, order))


def _shape_method(name: str) -> Function:
    """Methods that take a shape or axes as one tuple or one by one."""

    def call(a: StandIn, *sizes: Any, **kwargs: Any) -> Any:
        if name == "transpose" and (not sizes or sizes == (None,)):
            return TABLE[name](a)
        whole = sizes[0] if len(sizes) == 1 else sizes
        return TABLE[name](a, whole, **kwargs)

    return call


def _fill(a: Any, value: Any) -> None:
    a[...] = value


def _sort_in_place(a: Any, axis: int = -1, **_: Any) -> None:
    a.store(reductions.order(a, axis)[0])


def _item(a: StandIn, *place: Any) -> Any:
    if not place and a.size != 1:
        raise ValueError("can only convert an array of size 1 to a Python scalar")
    where = place[0] if len(place) == 1 and isinstance(place[0], tuple) else place
    flat = a.tensor.reshape(-1)
    if len(where) == 1 and a.ndim != 1:
        return made(flat[int(where[0])].clone(), a.dtype)
    return made(a.tensor[tuple(where)].clone() if where else flat[0].clone(), a.dtype)


def _to_list(a: StandIn) -> Any:
    return [_to_list(each) if each.ndim else each for each in a] if a.ndim else _item(a)


def _same(a: Any, *_: Any, **__: Any) -> Any:
    return a


def _table() -> dict[str, Function]:
    table: dict[str, Function] = {
        "array": creation.array,
        "asarray": creation.asarray,
        "asanyarray": creation.asarray,
        "asfarray": creation.asarray,
        "ascontiguousarray": creation.contiguous,
        "asfortranarray": creation.asarray,
        "require": creation.asarray,
        "copy": creation.copy,
        "zeros_like": creation.like(0.0),
        "ones_like": creation.like(1.0),
        "empty_like": creation.like(0.0),
        "full_like": creation.full_like,
        "full": creation.full,
        "empty": creation.empty,
        "astype": creation.astype,
        "nan_to_num": creation.nan_to_num,
        "diff": creation.diff,
        "round": creation.rounded,
        "around": creation.rounded,
        "round_": creation.rounded,
        "fix": lambda x, out=None: reductions.into(out, elementwise.apply("trunc", (x,))),
        "real": _same,
        "real_if_close": _same,
        "sinc": lambda x: made(torch.sinc(tensor_of(x)), dtype_of(x)),
        "where": _where,
        "select": _select,
        "choose": lambda a, choices: joined(lambda each: np.choose(a, each), list(choices)),
        "compress": _compress,
        "append": _append,
        "insert": _insert,
        "meshgrid": lambda *a, **k: joined(lambda each: np.meshgrid(*each, **k), list(a)),
        "broadcast_arrays": lambda *a: joined(lambda each: np.broadcast_arrays(*each), list(a)),
        "pad": _pad,
        "sliding_window_view": _windows,
        "as_strided": _strided,
        "clip": _clip,
        "sum": reductions.sum_,
        "prod": reductions.prod,
        "mean": reductions.mean,
        "average": reductions.average,
        "var": reductions.var,
        "std": reductions.std,
        "ptp": reductions.ptp,
        "median": reductions.median,
        "cumsum": reductions.cumsum,
        "cumprod": reductions.cumprod,
        "argmax": reductions.argmax,
        "argmin": reductions.argmin,
        "sort": reductions.sort,
        "argsort": reductions.argsort,
        "nansum": reductions.without_nan(reductions.sum_, 0.0),
        "nanmax": reductions.without_nan(reductions.max_, -np.inf),
        "nanmin": reductions.without_nan(reductions.min_, np.inf),
        "dot": products.dot,
        "inner": products.inner,
        "outer": products.outer,
        "vdot": products.vdot,
        "kron": products.kron,
        "tensordot": products.tensordot,
        "einsum": products.einsum,
        "trace": products.trace,
        "cross": products.cross,
        "convolve": products.convolve,
        "correlate": products.correlate,
        "apply_along_axis": iteration.apply_along_axis,
        "apply_over_axes": iteration.apply_over_axes,
        "ndenumerate": iteration.enumerated,
        "nditer": iteration.Walk,
        "flat": Flat,
        "not_equal": lambda one, other: elementwise.apply("not_equal", (one, other)),
        "__getitem__": take_item,
        "__setitem__": set_item,
    }
    table |= dict.fromkeys(("max", "amax"), reductions.max_)
    table |= dict.fromkeys(("min", "amin"), reductions.min_)
    for name in ("any", "all", "nonzero", "count_nonzero"):
        table[name] = _as_bools(getattr(np, name))
    table["sometrue"], table["alltrue"] = table["any"], table["all"]
    makers = (
        (MOVING, _moving),
        (JOINING, lambda _, real: _joining(real)),
        (WRITING, _writing),
        (VALUES, lambda _, real: _values(real)),
    )
    for names, maker in makers:
        table |= {name: maker(name, getattr(np, name)) for name in names if hasattr(np, name)}
    table |= {f"linalg.{name}": function for name, function in products.LINALG.items()}
    for name in ("dot", "outer", "trace", "cross", "tensordot", "diagonal", "matrix_transpose"):
        if name in table:
            table[f"linalg.{name}"] = table[name]
    table |= {f".{name}": table[name] for name in METHODS if name in table}
    table |= {
        ".searchsorted": lambda a, *v, **k: on_constants(
            np.searchsorted, "searchsorted", (a, *v), k
        ),
        ".reshape": _shape_method("reshape"),
        ".transpose": _shape_method("transpose"),
        ".flatten": _flatten,
        ".compress": lambda a, condition, axis=None: _compress(condition, a, axis),
        ".astype": creation.astype,
        ".view": lambda a, *_: moved(a, lambda of: of[...]) if a.ndim else a,
        ".fill": _fill,
        ".sort": _sort_in_place,
        ".item": _item,
        ".tolist": _to_list,
        ".conj": _same,
        ".conjugate": _same,
    }
    return table


TABLE = _table()
"""From the name of a function of NumPy's to ours; methods begin with a dot."""


def _shuffling(name: str, real: Function) -> Function | None:
    """What a generator does to the order of values: it draws once, and positions move."""
    if name == "random.shuffle":
        return lambda x, **more: written(x, lambda into, _: real(into, **more))
    if name in ("random.permutation", "random.choice", "random.permuted"):
        return lambda x, *a, **k: joined(lambda each: real(each[0], *a, **k), [x])
    return None


def call(function: Any, name: str, args: Any, kwargs: Mapping[str, Any]) -> Any:
    """A function of NumPy's, with stand-ins among its arguments."""
    found = _shuffling(name, function) or TABLE.get(name)
    if found is not None:
        return found(*args, **kwargs)
    return on_constants(function, f"np.{name}", args, kwargs)


def _dispatched(function: Any, args: Any, kwargs: Mapping[str, Any]) -> Any:
    return call(function, name_of(function), args, kwargs)


TABLE["__function__"] = _dispatched
TABLE["__ufunc__"] = call_ufunc
StandIn._table = TABLE
elementwise.add_operators()


class Tensors:
    """The kit of stand-ins over PyTorch's tensors."""

    array_type = Array
    vectorize = iteration.Vectorized
    classes = (np.nditer, np.ndenumerate)
    wrapped = staticmethod(wrapped)
    holds = staticmethod(holds_stand_in)
    function = staticmethod(call)
    ufunc = staticmethod(call_ufunc)
    array = staticmethod(creation.array)

    def erf(self, value: Any, /) -> Any:
        """The error function."""
        return elementwise.apply("erf", (value,))

    def converted(self, value: Any, dtype: np.dtype[Any], /) -> Any:
        """A stand-in in another dtype."""
        return creation.astype(value, dtype)
