"""Python's own `float` and `math`, so that a traced number goes through them with its gradient."""

from __future__ import annotations

import math
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np

from trigrad.tracing.kit import Kit
from trigrad.tracing.names import SHARED_WITH_MATH

_UFUNCS: dict[str, np.ufunc] = {
    **{name: getattr(np, name) for name in SHARED_WITH_MATH},
    **{
        f"a{name}": getattr(np, f"arc{name}")
        for name in ("sin", "cos", "tan", "tan2", "sinh", "cosh", "tanh")
    },
    "pow": np.power,
}
"""Functions of math's, and the ufuncs that are the same."""

_WHOLE: dict[str, np.ufunc] = {"floor": np.floor, "ceil": np.ceil, "trunc": np.trunc}
_ASKING: dict[str, np.ufunc] = {"isnan": np.isnan, "isinf": np.isinf, "isfinite": np.isfinite}


class PythonNames:
    """What stands for `float`, `math` and its functions in one way of tracing."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit
        self._functions = {id(getattr(math, name)): name for name in (*_OWN, *_UFUNCS, *_WHOLE)}
        self._functions |= {id(getattr(math, name)): name for name in _ASKING}
        self._made = {
            number: self._function(getattr(math, name), name)
            for number, name in self._functions.items()
        }
        self._module = _Math(self)
        self.builtins = {"float": _FloatType("float", (), {"kit": kit})}
        """What stands for Python's built-in names."""

    def replacement(self, value: Any) -> Any:
        """What stands for an object of math's; any other is itself."""
        return self._module if value is math else self._made.get(id(value), value)

    def _function(self, real: Callable[..., Any], name: str) -> Callable[..., Any]:
        kit = self._kit

        def call(*args: Any) -> Any:
            if not any(map(kit.holds, args)):
                return real(*args)
            if name in _OWN:
                return _OWN[name](kit, *args)
            if name in _WHOLE:
                return int(_of(kit, _WHOLE[name], *args).astype(int))
            return _of(kit, (_UFUNCS | _ASKING)[name], *args)

        call.__name__ = call.__qualname__ = name
        return call


class _Math(ModuleType):
    def __init__(self, names: PythonNames) -> None:
        super().__init__("math")
        self._names = names

    def __getattr__(self, name: str) -> Any:
        return self._names.replacement(getattr(math, name))


def _of(kit: Kit, ufunc: np.ufunc, *args: Any) -> Any:
    return kit.ufunc(ufunc, "__call__", args, {})


def _log(kit: Kit, value: Any, base: Any = None) -> Any:
    logarithm = _of(kit, np.log, value)
    return logarithm if base is None else logarithm / _of(kit, np.log, base)


def _hypot(kit: Kit, *values: Any) -> Any:
    return _of(kit, np.sqrt, sum(value * value for value in values))


def _fsum(_kit: Kit, values: Any) -> Any:
    return sum(values)


def _prod(_kit: Kit, values: Any) -> Any:
    return math.prod(values)


_OWN: dict[str, Callable[..., Any]] = {
    "log": _log,
    "hypot": _hypot,
    "fsum": _fsum,
    "prod": _prod,
    "erf": lambda kit, value: kit.erf(value),
    "erfc": lambda kit, value: 1.0 - kit.erf(value),
}


class _FloatType(type):
    """A class that stands for `float`: in calls, in `isinstance`, as a dtype, compared."""

    kit: Kit
    dtype = np.dtype(np.float64)

    def __call__(cls, value: Any = 0.0) -> Any:
        """A number: a traced one stays what it is."""
        if type(value) in (list, tuple) or not cls.kit.holds(value):
            return float(value)
        return value.item()

    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, float)

    def __subclasscheck__(cls, other: type) -> bool:
        return other is cls or issubclass(other, float)

    def __eq__(cls, other: object) -> bool:
        return other is cls or other is float

    def __hash__(cls) -> int:
        return hash(float)

    def __getattr__(cls, name: str) -> Any:
        return getattr(float, name)
