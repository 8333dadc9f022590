"""NumPy's ufuncs with all that they have: `out=`, `where=`, `reduce`, `at`, `outer`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from trigrad.tracing import elementwise, ordering, products, reductions
from trigrad.tracing.array import StandIn
from trigrad.tracing.conversion import (
    Plain,
    dtype_of,
    is_array,
    is_stand_in,
    made,
    tensor_of,
    wrapped,
)
from trigrad.tracing.session import BEFORE, lose
from trigrad.tracing.structure import fitted, positions_in

_REDUCTIONS: dict[str, Callable[..., Any]] = {
    "add": reductions.sum_,
    "multiply": reductions.prod,
    "maximum": reductions.max_,
    "minimum": reductions.min_,
}
_RUNNING: dict[str, Callable[..., Any]] = {
    "add": reductions.cumsum,
    "multiply": reductions.cumprod,
    "maximum": ordering.running_max,
    "minimum": ordering.running_min,
}


def call_ufunc(ufunc: np.ufunc, method: str, inputs: tuple[Any, ...], kwargs: Any) -> Any:
    """A ufunc, or one of its methods, on stand-ins and arrays made in the run."""
    out = kwargs.get("out", ())
    outs = out if isinstance(out, tuple) else (out,)
    if not any(map(is_stand_in, (*inputs, *outs))):
        return _plain(ufunc, method, inputs, kwargs)
    if any(each is not None and not is_stand_in(each) for each in outs):
        return _into_plain(ufunc, method, inputs, kwargs, outs)
    name = ufunc.__name__
    kwargs = {key: each for key, each in kwargs.items() if key not in ("casting", "order", "subok")}
    if method == "__call__":
        return _whole(name, inputs, **kwargs)
    if method == "at":
        return _at(name, *inputs)
    if method == "outer":
        return products.outer_of(name, *inputs)
    if method == "reduce" and name in _REDUCTIONS:
        axis = kwargs.pop("axis", 0)
        keywords = {key: each for key, each in kwargs.items() if key != "dtype"}
        return _REDUCTIONS[name](inputs[0], axis, **keywords)
    if method == "reduce" and name in ("logical_and", "logical_or"):
        asked = StandIn._table["all" if name == "logical_and" else "any"]
        return asked(inputs[0], axis=kwargs.get("axis", 0), keepdims=kwargs.get("keepdims", False))
    if method == "accumulate" and name in _RUNNING:
        return _RUNNING[name](inputs[0], kwargs.get("axis", 0), out=kwargs.get("out"))
    lose(f"np.{name}.{method}")


def _plain(ufunc: np.ufunc, method: str, inputs: tuple[Any, ...], kwargs: Any) -> Any:
    """What no stand-in takes part in: NumPy's own."""
    base = [each.view(np.ndarray) if isinstance(each, Plain) else each for each in inputs]
    if "out" not in kwargs:
        return wrapped(getattr(ufunc, method)(*base, **kwargs))
    outs = kwargs["out"]
    kwargs["out"] = tuple(
        each.view(np.ndarray) if isinstance(each, Plain) else each for each in outs
    )
    getattr(ufunc, method)(*base, **kwargs)
    return outs[0] if len(outs) == 1 else outs


def _into_plain(
    ufunc: np.ufunc, method: str, inputs: tuple[Any, ...], kwargs: Any, outs: tuple[Any, ...]
) -> Any:
    """A result that goes into an array of NumPy's: bools, or what does not depend on leaves."""
    why = BEFORE
    if ufunc.__name__ in elementwise.COMPARISONS and method == "__call__":
        np.copyto(
            outs[0], elementwise.apply(ufunc.__name__, inputs), where=kwargs.get("where", True)
        )
        return outs[0]
    constant = [each.constant(why) if is_stand_in(each) else each for each in inputs]
    return getattr(ufunc, method)(*constant, **kwargs)


def _whole(
    name: str,
    inputs: tuple[Any, ...],
    out: Any = None,
    where: Any = True,
    dtype: Any = None,
    axes: Any = None,
    axis: Any = None,
    **_: Any,
) -> Any:
    if axes is not None or axis is not None:
        lose(f"np.{name}(…, axes=…)")
    target = out[0] if isinstance(out, tuple) else out
    if where is not True:
        result = elementwise.apply(name, elementwise.safe_inputs(inputs, where))
        chosen = torch.tensor(np.asarray(where, dtype=bool))
        rest = torch.zeros_like(tensor_of(result)) if target is None else tensor_of(target)
        result = made(torch.where(chosen, tensor_of(result), rest), dtype_of(result))
    else:
        result = elementwise.apply(name, inputs)
    if dtype is not None and is_stand_in(result):
        result = StandIn._table["astype"](result, dtype)
    if target is None:
        return result
    if not is_array(target):
        raise TypeError("return arrays must be of ArrayType")
    target.store(fitted(tensor_of(result), target.shape))
    return target


def _at(name: str, target: Any, indices: Any, values: Any = None) -> None:
    """`np.add.at` and `np.subtract.at`: what is written twice counts twice."""
    if not is_array(target):
        lose(BEFORE)
    if name not in ("add", "subtract"):
        lose(f"np.{name}.at")
    places = np.asarray(positions_in(target.shape, 0)[indices])
    added = tensor_of(values).broadcast_to(places.shape).reshape(-1)
    flat = target.tensor.reshape(-1).clone()
    index = torch.from_numpy(np.ascontiguousarray(places.reshape(-1)))
    flat = flat.index_add(0, index, added, alpha=1 if name == "add" else -1)
    target.store(flat.reshape(target.shape))
