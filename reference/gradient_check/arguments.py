"""The arguments of `gradcheck` are checked first; all that is wrong is said at once."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np

from trigrad.contracts.schema import Array
from trigrad.messages import Message

Loss = Callable[[], Any]
Parameters = Mapping[str, Array] | Sequence[Array]
Gradients = Mapping[str, Any] | Sequence[Any]

MOST_ADDRESSES = 1_000_000
"""An array with unusual strides is checked entry by entry up to this size."""


class GradcheckError(ValueError):
    """What was given cannot be checked; the message says what is wrong and what to do."""


def by_name(arrays: Any) -> Any:
    """Arrays by name; those of a list or tuple by their positions: `0`, `1`, …"""
    if isinstance(arrays, list | tuple):
        return {str(position): array for position, array in enumerate(arrays)}
    return arrays


def looked_at(
    loss: Loss,
    params: Parameters,
    grads: Gradients,
    directions: int = 1,
    rtol: float = 0.0,
) -> tuple[dict[str, Array], dict[str, Array]]:
    """The parameters as plain arrays in their own memory, and the gradients as arrays of floats.

    Both by the parameters' names; `dW1` in `grads` is the gradient of `W1`. Arrays without entries
    are left out: there is nothing to verify.

    Raises:
        GradcheckError: with everything that is wrong with the arguments.
    """
    wrong = _not_callable(loss) + _not_collections(params, grads)
    if directions < 1:
        wrong.append(str(Message("gc.directions", directions=directions)))
    if not 0 <= rtol < 1:
        wrong.append(str(Message("gc.rtol", rtol=rtol)))
    if wrong:
        raise GradcheckError("\n".join(wrong))
    spelt = str if isinstance(params, list | tuple) else repr
    params, grads = by_name(params), by_name(grads)
    assert isinstance(params, Mapping), "anything else was refused"
    assert isinstance(grads, Mapping), "anything else was refused"
    shown = {name: f"params[{spelt(name)}]" for name in params}
    keys, wrong_keys = _keys(params, grads)
    wrong = [words for name in params for words in _parameter(shown[name], params[name])]
    wrong += _overlaps(params, shown) if not wrong else []
    wrong += wrong_keys
    for name, key in keys.items():
        if isinstance(params[name], np.ndarray):
            gradient = f"grads[{spelt(key)}]"
            wrong += _gradient(gradient, grads[key], shown[name], params[name].shape)
    if wrong:
        raise GradcheckError("\n".join(wrong))
    kept = {name: np.asarray(p) for name, p in params.items() if p.size}
    return kept, {name: _floats(grads[keys[name]], kept) for name in kept}


def _keys(params: Mapping[str, Any], grads: Mapping[str, Any]) -> tuple[dict[str, str], list[str]]:
    """For each parameter the key of its gradient: its own name, or that name behind a `d`.

    The second of the pair is what is wrong with the keys.
    """
    keys: dict[str, str] = {}
    wrong = []
    extra = [key for key in grads if key not in params]
    for name in params:
        behind_d = f"d{name}"
        # A parameter that is itself called dW has its own gradient.
        with_d = behind_d in extra
        if with_d:
            extra.remove(behind_d)
        if with_d and name in grads:
            wrong.append(str(Message("gc.both", name=repr(name), behind_d=repr(behind_d))))
        if with_d or name in grads:
            keys[name] = name if name in grads else behind_d
    missing = [name for name in params if name not in keys]
    if missing:
        wrong.append(str(Message("gc.missing", missing=_listed(missing))))
    if extra:
        wrong.append(str(Message("gc.extra", extra=_listed(extra))))
    return keys, wrong


def _floats(gradient: Any, params: Mapping[str, Array]) -> Array:
    array = np.asarray(gradient)
    if array.dtype.kind != "f":
        return array.astype(np.float64)
    moves = any(np.may_share_memory(array, param) for param in params.values())
    return array.copy() if moves else array


def _listed(names: list[str]) -> str:
    return ", ".join(repr(name) for name in names)


def _not_callable(loss: Any) -> list[str]:
    if callable(loss):
        return [
            str(Message("gc.loss_needs", needed=needed)) for needed in [_needed(loss)] if needed
        ]
    return [str(Message("gc.loss_kind", kind=_kind(loss)))]


def _needed(function: Callable[..., Any]) -> str:
    """The arguments without which it cannot be called."""
    try:
        parameters = inspect.signature(function, follow_wrapped=False).parameters.values()
    except (TypeError, ValueError):
        return ""  # some that are written in C don't tell
    optional = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return ", ".join(p.name for p in parameters if p.default is p.empty and p.kind not in optional)


def _not_collections(params: Any, grads: Any) -> list[str]:
    wrong = [
        str(Message("gc.dict", what=what, kind=_kind(given), first=first))
        for what, given, first in (("params", params, "W1"), ("grads", grads, "dW1"))
        if not isinstance(given, Mapping | list | tuple)
    ]
    if wrong:
        return wrong
    if isinstance(params, Mapping) != isinstance(grads, Mapping):
        return [str(Message("gc.two_kinds", kind=_kind(params), other=_kind(grads)))]
    if not params:
        return [str(Message("gc.empty"))]
    if not isinstance(params, Mapping) and len(params) != len(grads):
        return [str(Message("gc.counts", params=len(params), grads=len(grads)))]
    return []


def _kind(given: Any) -> str:
    if isinstance(given, np.ndarray):
        return str(Message("gc.array_of", dtype=str(given.dtype)))
    if given is None:
        return "None"
    return str(Message("gc.a_kind", kind=type(given).__name__))


def _parameter(what: str, given: Any) -> list[str]:
    if isinstance(given, list | tuple) and any(isinstance(a, np.ndarray) for a in given):
        return [str(Message("gc.of_arrays", what=what, kind=_kind(given)))]
    if not isinstance(given, np.ndarray):
        return [str(Message("gc.numpy", what=what, kind=_kind(given)))]
    if given.dtype.kind in "iub":
        return [str(Message("gc.integers", what=what, dtype=str(given.dtype)))]
    if given.dtype.kind != "f":
        return [str(Message("gc.not_floats", what=what, dtype=str(given.dtype)))]
    array = np.asarray(given)
    finite = np.isfinite(array)
    if not finite.all():
        first = tuple(int(i) for i in np.argwhere(~finite)[0])
        return [
            str(Message("gc.not_finite", what=what, number=str(array[first]), place=str(first)))
        ]
    if _overlaps_itself(array):
        return [str(Message("gc.view", what=what))]
    return []


def _overlaps_itself(array: Array) -> bool:
    if not array.size:
        return False  # its strides mean nothing
    axes = sorted(
        (abs(stride), length)
        for stride, length in zip(array.strides, array.shape, strict=True)
        if length > 1
    )
    reach = array.itemsize
    for stride, length in axes:
        if stride < reach:
            break
        reach += stride * (length - 1)
    else:
        return False
    if array.size > MOST_ADDRESSES:
        return True
    places = np.zeros((), dtype=np.int64)
    for stride, length in axes:
        places = np.add.outer(places, stride * np.arange(length))
    starts = np.sort(places, axis=None)
    return bool(np.any(np.diff(starts) < array.itemsize))


def _overlaps(params: Mapping[str, Array], shown: Mapping[str, str]) -> list[str]:
    return [
        str(Message("gc.share", one=shown[one], other=shown[other]))
        for one, other in combinations(params, 2)
        if _share(params[one], params[other])
    ]


def _share(one: Array, other: Array) -> bool:
    if not np.may_share_memory(one, other):
        return False
    try:
        return bool(np.shares_memory(one, other, max_work=MOST_ADDRESSES))  # type: ignore[arg-type]  # any int
    except np.exceptions.TooHardError:
        return True  # to be on the safe side: their ranges of memory do overlap


def _gradient(what: str, given: Any, parameter: str, shape: tuple[int, ...]) -> list[str]:
    if given is None:
        return [str(Message("gc.none", what=what))]
    try:
        array = np.asarray(given)
    except ValueError:
        return [str(Message("gc.rows", what=what, kind=type(given).__name__))]
    if array.dtype.kind not in "fiub":
        return [str(Message("gc.float_array", what=what, kind=_kind(given)))]
    if array.shape != shape:
        return [
            str(
                Message(
                    "gc.shape",
                    what=what,
                    found=str(array.shape),
                    parameter=parameter,
                    shape=str(shape),
                )
            )
        ]
    return []
