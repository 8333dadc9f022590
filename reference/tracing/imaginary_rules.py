"""NumPy's elementwise functions on complex stand-ins, where they are not what the real ones are."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from trigrad.tracing.imaginary import COMPLEX, base, is_step, note, note_steps, stepped
from trigrad.tracing.names import ANALYTIC
from trigrad.tracing.session import BEFORE, lose

Rule = Callable[..., Any]


def _within(name: str) -> Rule:
    """A function that complex numbers have more of: it stays undefined where it is so for reals."""
    function = getattr(np, name)

    def call(*values: Any) -> Any:
        with np.errstate(all="ignore"):
            undefined = np.isnan(function(*map(np.real, values)))
            return np.where(undefined, np.nan, function(*map(_complex, values)))

    return call


def _complex(value: Any) -> Any:
    return np.asarray(value, COMPLEX)


def _chosen(better: Callable[[Any, Any], Any]) -> Rule:
    def call(one: Any, other: Any) -> Any:
        note(np.subtract(one, other))
        a, b = np.real(one), np.real(other)
        return np.where(better(a, b) | np.isnan(a), one, other)

    return call


_LARGER, _SMALLER = _chosen(np.greater_equal), _chosen(np.less_equal)


def _absolute(value: Any) -> Any:
    note(value)
    return np.where(np.real(value) < 0, np.negative(value), value)


def _sign(value: Any) -> Any:
    note(value)
    return np.sign(np.real(value))


def _stepping(function: Callable[[Any], Any], middle: float = 0.0) -> Rule:
    def call(value: Any) -> Any:
        note_steps(value + middle)
        return function(np.real(value))

    return call


def _floor_divide(one: Any, other: Any) -> Any:
    return _stepping(np.floor)(np.divide(one, other))


def _remainder(one: Any, other: Any) -> Any:
    return one - _floor_divide(one, other) * other


def _fmod(one: Any, other: Any) -> Any:
    return one - _stepping(np.trunc)(np.divide(one, other)) * other


def _log_add(exp: Rule, log: Rule) -> Rule:
    def call(one: Any, other: Any) -> Any:
        top = np.maximum(np.real(one), np.real(other))
        with np.errstate(invalid="ignore"):
            shift = np.where(np.isfinite(top), top, 0.0)
            return shift + log(exp(one - shift) + exp(other - shift))

    return call


def _arctan2(one: Any, other: Any) -> Any:
    angle = np.arctan2(np.real(one), np.real(other))
    y, x = _complex(one), _complex(other)
    slope = (x.real * y.imag - y.real * x.imag) / (x.real**2 + y.real**2)
    return angle + 1j * slope


def _cbrt(value: Any) -> Any:
    root = np.cbrt(np.real(value))
    return root + 1j * np.imag(value) / (3 * root**2)


def _clip(value: Any, low: Any = None, high: Any = None) -> Any:
    if low is not None:
        value = _LARGER(value, low)
    return value if high is None else _SMALLER(value, high)


def _copysign(one: Any, other: Any) -> Any:
    return _absolute(one) * np.copysign(1.0, np.real(other))


def _heaviside(one: Any, other: Any) -> Any:
    note(one)
    return np.heaviside(np.real(one), np.real(other))


def _compared(function: Callable[..., Any]) -> Rule:
    def call(one: Any, other: Any) -> Any:
        if one is not None and other is not None:
            note(np.subtract(one, other))
        return function(np.real(one), np.real(other))

    return call


def _asked(function: Callable[..., Any]) -> Rule:
    return lambda *values: function(*map(np.real, values))


def _same(value: Any) -> Any:
    return value


RULES: Mapping[str, Rule] = {
    **{name: getattr(np, name) for name in ANALYTIC},
    **{
        name: _within(name)
        for name in ("log", "log2", "log10", "log1p", "sqrt", "arcsin", "arccos", "arccosh")
    },
    "arctanh": _within("arctanh"),
    "power": _within("power"),
    "float_power": _within("float_power"),
    "maximum": _LARGER,
    "fmax": _LARGER,
    "minimum": _SMALLER,
    "fmin": _SMALLER,
    "absolute": _absolute,
    "fabs": _absolute,
    "sign": _sign,
    "floor": _stepping(np.floor),
    "ceil": _stepping(np.ceil),
    "trunc": _stepping(np.trunc),
    "rint": _stepping(np.rint, 0.5),
    "floor_divide": _floor_divide,
    "remainder": _remainder,
    "fmod": _fmod,
    "divmod": lambda one, other: (_floor_divide(one, other), _remainder(one, other)),
    "logaddexp": _log_add(np.exp, np.log),
    "logaddexp2": _log_add(np.exp2, np.log2),
    "hypot": lambda one, other: np.sqrt(np.square(one) + np.square(other)),
    "arctan2": _arctan2,
    "cbrt": _cbrt,
    "clip": _clip,
    "copysign": _copysign,
    "heaviside": _heaviside,
    "conjugate": _same,
    "deg2rad": lambda value: value * (math.pi / 180),
    "radians": lambda value: value * (math.pi / 180),
    "rad2deg": lambda value: value * (180 / math.pi),
    "degrees": lambda value: value * (180 / math.pi),
    "expit": lambda value: 1 / (1 + np.exp(-value)),
    **{
        name: _compared(getattr(np, name))
        for name in ("greater", "greater_equal", "less", "less_equal", "equal", "not_equal")
    },
    **{
        name: _asked(getattr(np, name))
        for name in ("logical_and", "logical_or", "logical_xor", "logical_not")
    },
    **{name: _asked(getattr(np, name)) for name in ("isnan", "isinf", "isfinite", "signbit")},
}
"""What each ufunc is on complex stand-ins; one that is not here is refused."""


def call_ufunc(ufunc: np.ufunc, method: str, inputs: tuple[Any, ...], kwargs: Any) -> Any:
    """A ufunc, or one of its methods, on stand-ins and NumPy's arrays.

    Raises:
        Untraceable: it has no derivative here, or would be written where none can be.
    """
    given = kwargs.pop("out", None)
    outs = given if isinstance(given, tuple) else () if given is None else (given,)
    name = ufunc.__name__
    if not any(map(is_step, (*inputs, *outs))):
        options = {**kwargs, "out": given} if outs else kwargs
        result = getattr(ufunc, method)(*inputs, **options)
        return outs[0] if outs else stepped(result)
    values = tuple(map(base, inputs))
    if method == "at":
        if name not in ("add", "subtract"):
            lose(f"np.{name}.at")
        if not is_step(inputs[0]):
            lose(BEFORE)
        return ufunc.at(*values)
    if method != "__call__":
        result = _along_axes(ufunc, method, inputs, kwargs)
    elif name in RULES:
        where = kwargs.pop("where", True)
        with np.errstate(all="ignore") if where is not True else np.errstate():
            result = RULES[name](*values)
        if where is not True:
            filled = base(outs[0]).copy() if outs else np.zeros_like(result)
            np.copyto(filled, result, where=where)
            result = filled
    else:
        lose(f"np.{name}")
    if not outs or outs[0] is None:
        return stepped(base(result))
    _write(outs[0], base(result))
    return outs[0]


def _along_axes(ufunc: np.ufunc, method: str, inputs: tuple[Any, ...], kwargs: Any) -> Any:
    name = ufunc.__name__
    if name in ("add", "multiply", "subtract"):
        kwargs.pop("dtype", None)
        return getattr(ufunc, method)(*map(base, inputs), **kwargs)
    if method == "reduce" and name in ("maximum", "minimum"):
        kwargs.pop("dtype", None)
        return (np.max if name == "maximum" else np.min)(inputs[0], kwargs.pop("axis", 0), **kwargs)
    if method == "accumulate" and name in ("maximum", "minimum"):
        return getattr(ufunc, method)(*map(base, inputs), **kwargs)  # by the real part first
    if method == "reduce" and name in ("logical_and", "logical_or"):
        return getattr(ufunc, method)(*(np.real(base(each)) for each in inputs), **kwargs)
    lose(f"np.{name}.{method}")


def _write(target: Any, result: Any) -> None:
    """Write a result into an array.

    Raises:
        Untraceable: it is one of NumPy's, and would lose the derivative.
    """
    if is_step(target) or result.dtype.kind != "c":
        base(target)[...] = result
    elif result.imag.any():
        lose(BEFORE)
    else:
        target[...] = result.real
