"""Weights that functions take from the names of their module: `Wxh = …` above `def lossFun(…)`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from types import CodeType, FunctionType
from typing import Any

MISSING = object()


def global_names_of(functions: Iterable[Callable[..., Any] | None]) -> frozenset[str]:
    """The names that functions, and those of their module that they call, take from outside."""
    found: set[str] = set()
    waiting = [f for f in functions if isinstance(f, FunctionType)]
    seen: set[int] = set()
    while waiting:
        function = waiting.pop()
        if id(function) in seen:
            continue
        seen.add(id(function))
        names = set(_names_in(function.__code__))
        found |= names
        values = (function.__globals__.get(name) for name in names)
        waiting += [
            value
            for value in values
            if isinstance(value, FunctionType) and value.__globals__ is function.__globals__
        ]
    return frozenset(found)


def _names_in(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names_in(constant)


@contextmanager
def globals_set(namespace: dict[str, Any], values: Mapping[str, Any]) -> Iterator[None]:
    """Give names of a module other values for a while; what is called there keeps its own."""
    before = {name: namespace.get(name, MISSING) for name in values}
    chosen = {n: v for n, v in values.items() if not callable(before[n])}
    try:
        namespace.update(chosen)
        yield
    finally:
        for name in chosen:
            if before[name] is MISSING:
                namespace.pop(name, None)
            else:
                namespace[name] = before[name]
