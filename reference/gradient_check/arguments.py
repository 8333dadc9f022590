"""The arguments of `gradcheck` are checked first; all that is wrong is said at once."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np

from trigrad.contracts.schema import Array

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
        wrong.append(f"directions is {directions}, should be at least 1")
    if not 0 <= rtol < 1:
        wrong.append(f"rtol is {rtol}, should be a share from 0 to 1")
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
            wrong.append(
                f"grads has both {name!r} and {behind_d!r}: either may be the gradient of "
                f"{name!r}, leave one out"
            )
        if with_d or name in grads:
            keys[name] = name if name in grads else behind_d
    missing = [name for name in params if name not in keys]
    if missing:
        wrong.append(f"grads has no {_listed(missing)}: every parameter needs its gradient")
    if extra:
        wrong.append(f"grads has {_listed(extra)}, which params has not")
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
            f"loss needs {needed}, should be a function without arguments that computes the loss "
            "anew: lambda: net.loss(x, t)"
            for needed in [_needed(loss)]
            if needed
        ]
    return [
        f"loss is {_kind(loss)}, should be a function without arguments that computes the loss "
        "anew: lambda: net.loss(x, t)"
    ]


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
        f"{what} is {_kind(given)}, should be a dict from names to arrays, such as "
        f"{{'W1': {first}, …}}, or a list of arrays"
        for what, given, first in (("params", params, "W1"), ("grads", grads, "dW1"))
        if not isinstance(given, Mapping | list | tuple)
    ]
    if wrong:
        return wrong
    if isinstance(params, Mapping) != isinstance(grads, Mapping):
        return [
            f"params is {_kind(params)} and grads {_kind(grads)}, should be two dicts with the "
            "same names, or two lists in the same order"
        ]
    if not params:
        return ["params is empty: there is nothing to check"]
    if not isinstance(params, Mapping) and len(params) != len(grads):
        return [
            f"params has {len(params)} arrays and grads {len(grads)}: every parameter needs its "
            "gradient, in the same order"
        ]
    return []


def _kind(given: Any) -> str:
    if isinstance(given, np.ndarray):
        return f"an array of {given.dtype}"
    return "None" if given is None else f"a {type(given).__name__}"


def _parameter(what: str, given: Any) -> list[str]:
    if isinstance(given, list | tuple) and any(isinstance(a, np.ndarray) for a in given):
        return [
            f"{what} is {_kind(given)} of arrays, should be one array: give each of them a name of "
            "its own"
        ]
    if not isinstance(given, np.ndarray):
        return [
            f"{what} is {_kind(given)}, should be a NumPy array: it is changed in place, and the "
            "loss must see the change"
        ]
    if given.dtype.kind in "iub":
        return [
            f"{what} is an array of {given.dtype}, should be of floats: a small step is cut off "
            "in integers. Make it one with .astype(float), before the network takes it"
        ]
    if given.dtype.kind != "f":
        return [f"{what} is an array of {given.dtype}, should be of floats"]
    array = np.asarray(given)
    finite = np.isfinite(array)
    if not finite.all():
        first = tuple(int(i) for i in np.argwhere(~finite)[0])
        return [f"{what} holds {array[first]} at {first}: there is no gradient to check there"]
    if _overlaps_itself(array):
        return [
            f"{what} is a view whose entries share memory (from np.broadcast_to or as_strided): "
            "one cannot be moved without the others. Pass the array behind it"
        ]
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
        f"{shown[one]} and {shown[other]} share memory: neither can be moved alone, so "
        "their gradients cannot be told apart. Pass one of them"
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
        return [f"{what} is None: backward has not computed it"]
    try:
        array = np.asarray(given)
    except ValueError:
        return [f"{what} is a {type(given).__name__} that is no array: its rows differ in length"]
    if array.dtype.kind not in "fiub":
        return [f"{what} is {_kind(given)}, should be an array of floats"]
    if array.shape != shape:
        return [f"{what} has shape {array.shape}, should have {parameter}'s, {shape}"]
    return []
