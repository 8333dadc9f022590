"""What an operation of the table works on, by the key under which it is called there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from trigrad.tracing.array import StandIn
from trigrad.tracing.conversion import Plain, is_stand_in
from trigrad.tracing.names import WRITING
from trigrad.tracing.proxies import name_of

_WITH_NUMBERS = frozenset(("where", "clip", "full_like", "maximum", "minimum", "power"))
"""Functions whose arguments are all operands, plain numbers too."""


def named(key: str, args: tuple[Any, ...]) -> str:
    """The name of an operation: `add`, `sum`, `__getitem__`."""
    if key in ("__operator__", "__in_place__"):
        return str(args[0])
    if key == "__ufunc__":
        ufunc, method, *_ = args
        whole = ufunc.__name__ if method in ("__call__", "at") else _REDUCED.get(ufunc.__name__)
        return str(whole or f"{ufunc.__name__}.{method}")
    if key == "__call__":
        return str(args[1])
    return name_of(args[0]) if key == "__function__" else key.removeprefix(".")


_REDUCED = {"add": "sum", "multiply": "prod", "maximum": "max", "minimum": "min"}


def written_to(key: str, name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> list[Any]:
    """What an operation may write to: its `out=`, and for some its first operand."""
    inside = key in ("__call__", "__function__", "__ufunc__")
    positional, named = args[-2:] if inside else (args, kwargs)
    into = [named.get("out")]
    if key == "__in_place__":
        into.append(positional[1])
    elif name in _WRITING or (key == "__ufunc__" and args[1] == "at"):
        into += positional[:1]
    return into


_WRITING = frozenset((*WRITING, "__setitem__", "fill", "random.shuffle"))


def operands(
    key: str, name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> Iterator[Any]:
    """What an operation works on: stand-ins, arrays, and numbers where these are no settings."""
    numbers = name in _WITH_NUMBERS
    given: Any = (args, kwargs)
    if key in ("__operator__", "__in_place__"):
        given, numbers = args[1:], True
    elif key == "__ufunc__":
        given, numbers = args[2], args[1] == "__call__"
    elif key in ("__call__", "__function__"):
        given = args[-2:]
    elif key == "__setitem__":
        given, numbers = (args[0], args[2]), True
    elif key == "__getitem__":
        given = args[0]
    yield from _found(given, numbers=numbers)


def _found(given: Any, *, numbers: bool) -> Iterator[Any]:
    if is_stand_in(given) or isinstance(given, Plain):
        yield given
    elif isinstance(given, np.ndarray | np.generic):
        if given.dtype.kind in "fiub":
            yield given
    elif isinstance(given, dict):
        yield from _found(list(given.values()), numbers=numbers)
    elif isinstance(given, list | tuple):
        for each in given:
            yield from _found(each, numbers=numbers)
    elif numbers and type(given) in (int, float):
        yield given


def stand_ins(given: Any) -> Iterator[StandIn]:
    """The stand-ins in what an operation gave, or may write to."""
    if is_stand_in(given):
        yield given
    elif isinstance(given, list | tuple):
        for each in given:
            yield from stand_ins(each)


def with_views(given: Any, views: dict[int, list[Any]]) -> Any:
    """Arguments with the views of stand-ins in their place, each used once, in their order."""
    if is_stand_in(given):
        left = views.get(id(given))
        return left.pop(0) if left else given
    if isinstance(given, dict):
        return {key: with_views(each, views) for key, each in given.items()}
    if type(given) in (list, tuple):
        return type(given)(with_views(each, views) for each in given)
    return given
