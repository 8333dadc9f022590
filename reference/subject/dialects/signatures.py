"""How many arguments a class or function takes, read from its signature."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any

from trigrad.contracts.schema import Contract
from trigrad.messages import Message


class UnknownDialectError(Exception):
    """A layer is recognised by its name, but its spelling is not supported; says why."""


class UnknownStepError(UnknownDialectError):
    """Backward takes a step on its weights, and nothing but the text has its size."""


def methods_of(cls: type) -> list[str]:
    """The names of all methods of a class, its own first; abstract methods are left out."""
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
    accepted = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    needed = [p for p in accepted if p.default is p.empty]
    return len(needed), len(accepted)


def no_methods(names: Sequence[str]) -> Message:
    """That these methods, one or two, are not there."""
    if len(names) == 1:
        return Message("unread.no_method", method=names[0])
    first, second = names
    return Message("unread.no_methods", method=first, other=second)


def has_methods(cls: Any, needed: tuple[str, ...]) -> None:
    """Raise UnknownDialectError unless a class has those methods."""
    lacking = [name for name in needed if not callable(getattr(cls, name, None))]
    if lacking:
        raise UnknownDialectError(str(no_methods(lacking)))


def fits_operands(contract: Contract, takes: tuple[int, int], count: int, what: str) -> None:
    """Raise UnknownDialectError unless `count` operands can be passed.

    `takes` are the numbers of arguments that `what` needs and accepts.
    """
    needed, taken = takes
    if not needed <= count <= taken:
        names = ", ".join(v.name for v in contract.operands[:count])
        said = (
            Message("unread.count", what=what, count=taken, names=names)
            if needed == taken
            else Message("unread.counts", what=what, least=needed, most=taken, names=names)
        )
        raise UnknownDialectError(str(said))
