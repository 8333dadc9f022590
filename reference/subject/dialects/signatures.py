"""What a class or function can be called with, read from its signature."""

from __future__ import annotations

import inspect
from typing import Any

from trigrad.contracts.schema import Contract


class UnknownDialectError(Exception):
    """Recognised by its name, but spelt in a way that can't be judged yet; says what is missing."""


def methods_of(cls: type) -> list[str]:
    """The names of all methods of a class, its own first; what is abstract is not there yet."""
    found: dict[str, Any] = {}
    for base in cls.__mro__[:-1]:
        for name, value in vars(base).items():
            found.setdefault(name, value)
    return [
        name
        for name, value in found.items()
        if (callable(value) or isinstance(value, staticmethod | classmethod))
        and not getattr(value, "__isabstractmethod__", False)
    ]


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
