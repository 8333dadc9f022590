"""What a method's code says: what it sets, whether it returns anything, who must call it."""

from __future__ import annotations

import dis
import inspect
from types import CodeType, FunctionType
from typing import Any

from trigrad.subject.dialects.signatures import UnknownDialectError
from trigrad.subject.source.passes import Passes, Style


def through_base(cls: type, passes: Passes) -> Passes:
    """The passes, with `__call__` for forward where a base class's remembers what backward needs.

    Raises:
        UnknownDialectError: that `__call__` wants a graph's variables and not arrays.
    """
    inherited = None if "__call__" in vars(cls) else inspect.getattr_static(cls, "__call__", None)
    if passes.style is not Style.PLAIN or not isinstance(inherited, FunctionType):
        return passes
    own = [m for m in vars(cls).values() if isinstance(m, FunctionType)]
    init = inspect.getattr_static(cls, "__init__", None)
    stored = set().union(*map(stored_names, [*own, init]))
    needed = set().union(*(_names_in(m.__code__) for m in own))
    kept = (stored_names(inherited) & needed) - stored
    if not kept:
        return passes
    if {"data", "creator", "as_variable", "Variable"} & _names_in(inherited.__code__):
        names = ", ".join(f"self.{name}" for name in sorted(kept))
        raise UnknownDialectError(
            f"it needs {names}, which its base class sets when it is called with variables of a "
            "graph; trigrad hands over arrays"
        )
    return Passes("__call__", passes.backward)


def _names_in(code: CodeType) -> set[str]:
    """The names that a function's code mentions, that of its comprehensions too."""
    inner = (c for c in code.co_consts if isinstance(c, CodeType))
    return set(code.co_names).union(*(_names_in(c) for c in inner))


def stored_names(function: Any) -> set[str]:
    """The attributes that a function sets."""
    code = getattr(function, "__code__", None)
    steps = dis.get_instructions(code) if code is not None else ()
    return {str(step.argval) for step in steps if step.opname == "STORE_ATTR"}


def returns_nothing(function: Any) -> bool:
    """Whether no `return` of a function gives a value."""
    code = getattr(function, "__code__", None)
    if code is None:
        return False
    steps = list(dis.get_instructions(code))
    for before, step in zip([None, *steps], steps, strict=False):
        if step.opname == "RETURN_CONST" and step.argval is not None:
            return False
        if step.opname == "RETURN_VALUE":
            none = before is not None and before.opname == "LOAD_CONST" and before.argval is None
            if not none:
                return False
    return not any(step.opname in ("YIELD_VALUE", "RAISE_VARARGS") for step in steps)
