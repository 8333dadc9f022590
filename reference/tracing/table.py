"""The table of NumPy's functions and methods as they work on stand-ins, and its kit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch

from trigrad.tracing import (
    creation,
    elementwise,
    functions,
    iteration,
    operators,
    ordering,
    products,
    reductions,
)
from trigrad.tracing.array import Array, StandIn
from trigrad.tracing.conversion import (
    dtype_of,
    holds_stand_in,
    made,
    tensor_of,
    wrapped,
)
from trigrad.tracing.names import JOINING, METHODS, MOVING, VALUES, WRITING
from trigrad.tracing.proxies import name_of
from trigrad.tracing.structure import Flat, joined, moved, set_item, take_item, written
from trigrad.tracing.ufuncs import call_ufunc

Function = Callable[..., Any]


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
        "real": functions.same,
        "real_if_close": functions.same,
        "sinc": lambda x: made(torch.sinc(tensor_of(x)), dtype_of(x)),
        "where": functions.where_,
        "select": functions.select,
        "choose": lambda a, choices: joined(lambda each: np.choose(a, each), list(choices)),
        "compress": functions.compress,
        "append": functions.append,
        "insert": functions.insert,
        "meshgrid": lambda *a, **k: joined(lambda each: np.meshgrid(*each, **k), list(a)),
        "broadcast_arrays": lambda *a: joined(lambda each: np.broadcast_arrays(*each), list(a)),
        "pad": functions.pad,
        "sliding_window_view": functions.windows,
        "as_strided": functions.strided,
        "clip": functions.clip,
        "sum": reductions.sum_,
        "prod": reductions.prod,
        "mean": reductions.mean,
        "average": reductions.average,
        "var": reductions.var,
        "std": reductions.std,
        "ptp": reductions.ptp,
        "median": ordering.median,
        "cumsum": reductions.cumsum,
        "cumprod": reductions.cumprod,
        "argmax": ordering.argmax,
        "argmin": ordering.argmin,
        "sort": ordering.sort,
        "argsort": ordering.argsort,
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
        table[name] = functions.as_bools(getattr(np, name))
    table["sometrue"], table["alltrue"] = table["any"], table["all"]
    makers = (
        (MOVING, functions.moving),
        (JOINING, lambda _, real: functions.joining(real)),
        (WRITING, functions.writing),
        (VALUES, lambda _, real: functions.asking(real)),
    )
    for names, maker in makers:
        table |= {name: maker(name, getattr(np, name)) for name in names if hasattr(np, name)}
    table |= {f"linalg.{name}": function for name, function in products.LINALG.items()}
    for name in ("dot", "outer", "trace", "cross", "tensordot", "diagonal", "matrix_transpose"):
        if name in table:
            table[f"linalg.{name}"] = table[name]
    table |= {f".{name}": table[name] for name in METHODS if name in table}
    table |= {
        ".searchsorted": lambda a, *v, **k: functions.on_constants(
            np.searchsorted, "searchsorted", (a, *v), k
        ),
        ".reshape": functions.shape_method("reshape"),
        ".transpose": functions.shape_method("transpose"),
        ".flatten": functions.flatten,
        ".compress": lambda a, condition, axis=None: functions.compress(condition, a, axis),
        ".astype": creation.astype,
        ".view": lambda a, *_: moved(a, lambda of: of[...]) if a.ndim else a,
        ".fill": functions.fill,
        ".sort": functions.sort_in_place,
        ".item": functions.item,
        ".tolist": functions.to_list,
        ".conj": functions.same,
        ".conjugate": functions.same,
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
    return functions.on_constants(function, f"np.{name}", args, kwargs)


def _dispatched(function: Any, args: Any, kwargs: Mapping[str, Any]) -> Any:
    return call(function, name_of(function), args, kwargs)


TABLE["__function__"] = _dispatched
TABLE["__ufunc__"] = call_ufunc
TABLE["__call__"] = call
TABLE["__operator__"] = elementwise.apply
TABLE["__in_place__"] = operators.in_place
StandIn._table = TABLE
operators.add_operators()


class Tensors:
    """The kit of stand-ins over PyTorch's tensors.

    What is done to them goes through their table, so that it can be noted there.
    """

    array_type = Array
    vectorize = iteration.Vectorized
    classes = (np.nditer, np.ndenumerate)
    wrapped = staticmethod(wrapped)
    holds = staticmethod(holds_stand_in)

    def function(self, real: Any, name: str, args: Any, kwargs: Any) -> Any:
        """A function with a stand-in among its arguments."""
        return StandIn._table["__call__"](real, name, args, kwargs)

    def ufunc(self, real: np.ufunc, method: str, inputs: tuple[Any, ...], kwargs: Any) -> Any:
        """A ufunc or one of its methods, on anything."""
        return StandIn._table["__ufunc__"](real, method, inputs, kwargs)

    def array(self, values: Any, /) -> Any:
        """A nested list with stand-ins as one array."""
        return StandIn._table["array"](values)

    def erf(self, value: Any, /) -> Any:
        """The error function."""
        return StandIn._table["__operator__"]("erf", (value,))

    def converted(self, value: Any, dtype: np.dtype[Any], /) -> Any:
        """A stand-in in another dtype."""
        return StandIn._table["astype"](value, dtype)
