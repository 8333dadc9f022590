"""NumPy's functions of arrays on complex stand-ins."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from trigrad.messages import Message
from trigrad.tracing import imaginary_order
from trigrad.tracing.imaginary import (
    COMPLEX,
    Step,
    base,
    holds_step,
    is_step,
    note,
    note_steps,
    stepped,
)
from trigrad.tracing.imaginary_rules import RULES, call_ufunc
from trigrad.tracing.names import JOINING, METHODS, MOVING, NATURAL, VALUES, WRITING
from trigrad.tracing.proxies import name_of
from trigrad.tracing.session import lose

_KNOWN = frozenset((*MOVING, *JOINING, *WRITING, *NATURAL))


def call(real: Callable[..., Any], name: str, args: Any, kwargs: Mapping[str, Any]) -> Any:
    """A function with a stand-in among its arguments.

    Raises:
        Untraceable: it is not known to keep the derivative.
    """
    if name in OWN:
        return OWN[name](*args, **kwargs)
    if name in VALUES:
        return real(*map(_real_part, args), **{k: _real_part(v) for k, v in kwargs.items()})
    if name not in _KNOWN:
        plain = [_constant(each, name) for each in args]
        return stepped(real(*plain, **{k: _constant(v, name) for k, v in kwargs.items()}))
    options = {key: base(each) for key, each in kwargs.items()}
    wanted = options.get("dtype")
    if wanted is not None and np.dtype(wanted).kind == "f":
        options["dtype"] = COMPLEX
    values = [COMPLEX if _is_float_type(each) else base(each) for each in args]
    return stepped(real(*values, **options))


def _is_float_type(value: Any) -> bool:
    if isinstance(value, np.dtype):
        return value.kind == "f"
    return isinstance(value, type) and (value is float or hasattr(value, "dtype"))


def _real_part(value: Any) -> Any:
    if is_step(value):
        return base(value).real[()] if value.ndim == 0 else base(value).real
    return type(value)(map(_real_part, value)) if type(value) in (list, tuple) else value


def _constant(value: Any, name: str) -> Any:
    if is_step(value):
        if base(value).imag.any():
            lose(f"np.{name}")
        return base(value).real
    if type(value) in (list, tuple):
        return type(value)(_constant(each, name) for each in value)
    return value


def _var(
    a: Any,
    axis: Any = None,
    dtype: Any = None,  # noqa: ARG001
    out: Any = None,
    ddof: int = 0,
    keepdims: bool = False,
    **more: Any,
) -> Any:
    if more or out is not None:
        lose(Message("lost.options", function="np.var"))
    value = base(a)
    off = value - value.mean(axis, keepdims=True)
    count = value.size // max(np.mean(value, axis, keepdims=True).size, 1)
    return stepped(np.sum(off * off, axis, keepdims=keepdims) / (count - ddof))


def _std(*args: Any, **kwargs: Any) -> Any:
    return np.sqrt(_var(*args, **kwargs))


def _norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
    value = base(x)
    if ord == 1 and (value.ndim == 1 or isinstance(axis, int)):
        return np.sum(np.abs(x), axis, keepdims=keepdims)
    if ord is None or ord == "fro" or (ord == 2 and (value.ndim == 1 or isinstance(axis, int))):
        found = np.sqrt(np.sum(value * value, axis, keepdims=keepdims))
        note(found)
        return stepped(found)
    lose(f"np.linalg.norm(…, ord={ord})")


def _rounded(a: Any, decimals: int = 0, out: Any = None) -> Any:
    if out is not None:
        lose("np.round(…, out=…)")
    note_steps(base(a) * 10.0**decimals + 0.5)
    return stepped(np.round(base(a).real, decimals))


def _asking(name: str) -> Callable[..., Any]:
    real = getattr(np, name)

    def call(a: Any, *args: Any, **kwargs: Any) -> Any:
        note(base(a))
        return real(np.real(base(a)), *args, **kwargs)

    return call


def _clip(a: Any, a_min: Any = None, a_max: Any = None, out: Any = None, **named: Any) -> Any:
    low = named.get("min", a_min)
    high = named.get("max", a_max)
    found = stepped(RULES["clip"](base(a), base(low), base(high)))
    if out is None:
        return found
    out[...] = found
    return out


def _correlate(a: Any, v: Any, mode: Any = "valid") -> Any:
    return np.convolve(a, v[::-1], mode)


def _slogdet(a: Any) -> Any:
    found = np.linalg.det(base(a))
    sign = np.sign(found.real)
    return sign, stepped(np.log(found * sign))


def _apply_along_axis(func1d: Any, axis: int, arr: Any, *args: Any, **kwargs: Any) -> Any:
    def of_row(row: Any) -> Any:
        return base(func1d(stepped(row), *args, **kwargs))

    return stepped(np.apply_along_axis(of_row, axis, base(arr)))


def _apply_over_axes(func: Any, a: Any, axes: Any) -> Any:
    for axis in np.atleast_1d(axes):
        reduced = func(a, int(axis))
        a = reduced if reduced.ndim == a.ndim else np.expand_dims(reduced, int(axis))
    return a


def _enumerated(arr: Any) -> Any:
    return ((place, arr[place]) for place in np.ndindex(*arr.shape))


def _walk(*_: Any, **__: Any) -> Any:
    lose("np.nditer")


class Vectorized:
    """`np.vectorize`: a function of numbers, for each value."""

    def __init__(self, pyfunc: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
        self._function = pyfunc
        self._real = np.vectorize(pyfunc, *args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """The function of all values, broadcast."""
        if not any(map(holds_step, args)):
            return stepped(self._real(*args, **kwargs))

        def of_numbers(*values: Any) -> Any:
            result = base(self._function(*map(stepped, values), **kwargs))
            return result[()] if isinstance(result, np.ndarray) else result

        return stepped(np.vectorize(of_numbers, otypes=[COMPLEX])(*map(base, args)))


def _itself(value: Any, *_: Any) -> Any:
    return value


OWN: dict[str, Callable[..., Any]] = {
    **{name: imaginary_order.extreme(name) for name in ("max", "min", "amax", "amin")},
    "argmax": imaginary_order.place("argmax"),
    "argmin": imaginary_order.place("argmin"),
    "argsort": imaginary_order.argsort,
    "sort": imaginary_order.sort,
    "median": imaginary_order.median,
    "var": _var,
    "std": _std,
    "ptp": lambda a, axis=None: np.max(a, axis) - np.min(a, axis),
    "clip": _clip,
    "round": _rounded,
    "around": _rounded,
    "real": _itself,
    "real_if_close": _itself,
    "vdot": lambda a, b: np.dot(np.ravel(a), np.ravel(b)),
    "correlate": _correlate,
    "linalg.norm": _norm,
    "linalg.slogdet": _slogdet,
    "apply_along_axis": _apply_along_axis,
    "apply_over_axes": _apply_over_axes,
    "ndenumerate": _enumerated,
    "nditer": _walk,
    "fix": np.trunc,
    "sinc": lambda x: np.where(x == 0, 1.0, np.sin(np.pi * x) / (np.pi * np.where(x == 0, 1.0, x))),
    "nanmax": lambda a, axis=None: np.max(np.where(np.isnan(a), -np.inf, a), axis),
    "nanmin": lambda a, axis=None: np.min(np.where(np.isnan(a), np.inf, a), axis),
    **{name: _asking(name) for name in ("any", "all", "nonzero", "count_nonzero")},
}


def _dispatched(function: Any, args: Any, kwargs: Mapping[str, Any]) -> Any:
    return call(function, name_of(function), args, kwargs)


def _method(name: str) -> Callable[..., Any]:
    real = getattr(np, name)
    if name in ("reshape", "transpose"):
        return lambda a, *args, **kwargs: getattr(np.ndarray, name)(a, *args, **kwargs)
    if name == "compress":
        return lambda a, condition, axis=None: call(real, name, (condition, a, axis), {})
    return lambda a, *args, **kwargs: call(real, name, (a, *args), kwargs)


Step.table = {
    **{name: _method(name) for name in METHODS},
    "sort": imaginary_order.sort_in_place,
    "__ufunc__": call_ufunc,
    "__function__": _dispatched,
}


class Complexes:
    """The kit of complex stand-ins."""

    array_type = np.ndarray
    vectorize = Vectorized
    classes = (np.nditer, np.ndenumerate)
    wrapped = staticmethod(stepped)
    holds = staticmethod(holds_step)
    function = staticmethod(call)
    ufunc = staticmethod(call_ufunc)

    def array(self, values: Any, /) -> Any:
        """A nested list with stand-ins as one array."""
        return stepped(np.array(base(values)))

    def erf(self, value: Any, /) -> Any:
        """The error function, whose derivative is that of a bell."""
        number = base(value)
        slope = 2 / math.sqrt(math.pi) * np.exp(-(number.real**2))
        return stepped(np.vectorize(math.erf)(number.real) + 1j * slope * number.imag)

    def converted(self, value: Any, dtype: np.dtype[Any], /) -> Any:
        """A stand-in in another dtype."""
        return value.astype(dtype)
