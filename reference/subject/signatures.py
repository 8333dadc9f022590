"""What a class or function can be called with, read from its signature."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from reference.contract import Contract


class UnknownDialectError(Exception):
    """Recognised by its name, but spelt in a way that can't be judged yet; says what is missing."""


def constructor_names(build: Callable[..., Any]) -> list[str]:
    """What a constructor calls its arguments."""
    try:
        return list(inspect.signature(build).parameters)
    except (TypeError, ValueError):  # something callable without a signature
        return []


def positional_of_method(cls: Any, name: str) -> tuple[int, int]:
    """How many positional arguments a method needs and takes, self not counted."""
    found = inspect.getattr_static(cls, name, None)
    if isinstance(found, staticmethod | classmethod):
        return positional(getattr(cls, name))
    needed, taken = positional(found)
    return max(needed - 1, 0), max(taken - 1, 0)


def positional(function: Any) -> tuple[int, int]:
    """How many positional arguments a function needs, and how many it takes."""
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):  # something callable without a signature
        return 0, 99
    if any(p.kind is p.VAR_POSITIONAL for p in parameters):
        return 0, 99
    places = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    return sum(p.default is p.empty for p in places), len(places)


def has_methods(cls: Any, needed: tuple[str, ...]) -> None:
    """Whether a class has those methods; otherwise UnknownDialectError."""
    lacking = [name for name in needed if not callable(getattr(cls, name, None))]
    if lacking:
        raise UnknownDialectError(f"it has no {' and no '.join(lacking)}")


def fits_operands(contract: Contract, takes: tuple[int, int], count: int, what: str) -> None:
    """Whether so many operands can be given; otherwise UnknownDialectError."""
    needed, taken = takes
    if not needed <= count <= taken:
        names = ", ".join(v.name for v in contract.operands[:count])
        numbers = f"{taken}" if needed == taken else f"{needed} to {taken}"
        arguments = "argument" if numbers == "1" else "arguments"
        raise UnknownDialectError(f"{what} takes {numbers} {arguments}, not ({names})")


_SIZE_NAMES = (
    "size",
    "dim",
    "units",
    "features",
    "neurons",
    "nodes",
    "channels",
    "input",
    "output",
)


def takes_parameters(contract: Contract, cls: Any) -> None:
    """Whether the constructor can be given the contract's parameters, by position.

    A constructor that takes sizes, or something unknown, is right code that can't be built yet.
    """
    try:
        given = list(inspect.signature(cls).parameters.values())
    except (TypeError, ValueError):  # a class without a signature, in C perhaps
        return
    names = [p.name for p in given]
    tried = f"{cls.__name__}({', '.join(v.name for v in contract.parameters)})"
    needed, taken = positional(cls)
    fits = needed <= len(contract.parameters) <= taken
    sizes = [n for n in names[: len(contract.parameters)] if _is_size(n)]
    if not fits or sizes:
        raise UnknownDialectError(
            f"its constructor takes ({', '.join(names)}), and {tried} is all that is tried so far"
        )


def _is_size(name: str) -> bool:
    lowered = name.lower()
    if lowered in ("n", "m", "d", "h", "i", "o") or lowered.startswith(("n_", "num", "fan")):
        return True
    return "weight" not in lowered and any(part in lowered for part in _SIZE_NAMES)
