"""NumPy for the learner's code: what is made in a run, a gradient can be written to."""

from __future__ import annotations

from collections.abc import Callable
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np

from trigrad.tracing.kit import Kit
from trigrad.tracing.python_names import PythonNames

_DATA = frozenset((str, int, float, bool, bytes, type(None), np.ndarray, list, tuple, dict))
FLOATS = (np.float64, np.float32, np.float16)


class Proxies:
    """What stands for NumPy's objects, and for Python's, in one way of tracing."""

    def __init__(self, kit: Kit) -> None:
        self.kit = kit
        self._python = PythonNames(kit)
        self.builtins = self._python.builtins
        """What stands for Python's built-in names."""
        self._made: dict[int, Any] = {
            id(np.ndarray): kit.array_type,
            id(np.vectorize): kit.vectorize,
            id(np.c_): _Columns(np.c_, -1, (-1, 1), kit),
            id(np.r_): _Columns(np.r_, 0, (-1,), kit),
            **{id(real): _function(real, real.__name__, kit) for real in kit.classes},
            **{id(real): _float_type(real, kit) for real in FLOATS},
        }

    def replacement(self, value: Any) -> Any:
        """What stands for an object of NumPy's in a run; any other is itself."""
        if type(value) in _DATA:
            return value
        found = self._made.get(id(value))
        if found is not None:
            return found
        if type(value) is FunctionType and not (value.__module__ or "").startswith("numpy"):
            return value
        if isinstance(value, ModuleType):
            if value.__name__ == "math":
                return self._python.replacement(value)
            if type(value) is _Module or value.__name__.partition(".")[0] != "numpy":
                return value
            found = _Module(value, self)
        elif isinstance(value, np.ufunc):
            found = _Ufunc(value, self.kit)
        elif isinstance(value, np.random.Generator):
            return _Generator(value, self.kit)
        elif isinstance(value, np.vectorize):
            return self.kit.vectorize(value.pyfunc)
        elif _is_function(value):
            found = _function(value, name_of(value), self.kit)
        else:
            return self._python.replacement(value)
        if getattr(np.random, "default_rng", None) is not value:  # that is another in each run
            self._made[id(value)] = found
            self._kept = [*getattr(self, "_kept", []), value]  # so that its id stays its own
        return found


class _Module(ModuleType):
    """A module of NumPy's, with all that is in it exchanged."""

    def __init__(self, real: ModuleType, proxies: Proxies) -> None:
        super().__init__(real.__name__, real.__doc__)
        self._real, self._proxies = real, proxies

    def __getattr__(self, name: str) -> Any:
        found = self._proxies.replacement(getattr(self._real, name))
        if name != "default_rng":
            self.__dict__[name] = found
        return found


class _Ufunc:
    """A ufunc, whose results can be written to."""

    def __init__(self, real: np.ufunc, kit: Kit) -> None:
        self._real, self._kit = real, kit
        self.__name__ = real.__name__

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._call("__call__", args, kwargs)

    def __getattr__(self, name: str) -> Any:
        if name in ("reduce", "accumulate", "at", "outer", "reduceat"):
            return lambda *args, **kwargs: self._call(name, args, kwargs)
        return getattr(self._real, name)

    def _call(self, method: str, args: Any, kwargs: dict[str, Any]) -> Any:
        count = self._real.nin
        if method == "__call__" and len(args) > count:
            args, kwargs = args[:count], {**kwargs, "out": args[count:]}
        elif method in ("reduce", "accumulate"):
            words = ("axis", "dtype", "out", "keepdims")
            kwargs = {**dict(zip(words, args[1:], strict=False)), **kwargs}
            args = args[:1]
        out = kwargs.get("out")
        if out is None:
            kwargs.pop("out", None)
        elif not isinstance(out, tuple):
            kwargs["out"] = (out,)
        kit = self._kit
        inputs = (
            kit.array(each) if type(each) in (list, tuple) and kit.holds(each) else each
            for each in args
        )
        return kit.ufunc(self._real, method, tuple(inputs), kwargs)


class _Generator:
    """A generator of NumPy's, whose arrays can be written to."""

    def __init__(self, real: np.random.Generator, kit: Kit) -> None:
        self._real, self._kit = real, kit

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._real, name)
        return _function(found, f"random.{name}", self._kit) if callable(found) else found


class _Columns:
    """`np.c_` and `np.r_` of arrays and numbers."""

    def __init__(self, real: Any, axis: int, of_one_axis: tuple[int, ...], kit: Kit) -> None:
        self._real, self._axis, self._shape, self._kit = real, axis, of_one_axis, kit

    def __getitem__(self, key: Any) -> Any:
        kit = self._kit
        parts = key if isinstance(key, tuple) else (key,)
        if not any(map(kit.holds, parts)) or any(isinstance(p, slice | str) for p in parts):
            return kit.wrapped(self._real[key])
        shaped = [
            np.reshape(each, self._shape) if np.ndim(each) < len(self._shape) else each
            for each in (part if kit.holds(part) else np.asarray(part) for part in parts)
        ]
        return kit.function(np.concatenate, "concatenate", (shaped, self._axis), {})


def _function(real: Callable[..., Any], name: str, kit: Kit) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        if any(map(kit.holds, (*args, *kwargs.values()))):
            return kit.function(real, name, args, kwargs)
        result = real(*args, **kwargs)
        if isinstance(result, np.random.Generator):
            return _Generator(result, kit)
        return result if _shares(result, args) else kit.wrapped(result)

    call.__name__ = call.__qualname__ = real.__name__
    call.__doc__ = real.__doc__
    return call


def _shares(result: Any, args: tuple[Any, ...]) -> bool:
    """Whether a result is a view of an argument: then it is an array from before the run."""
    return isinstance(result, np.ndarray) and any(
        isinstance(each, np.ndarray) and np.may_share_memory(each, result) for each in args
    )


class _FloatType(type):
    """A class that stands for a float type: in calls, in `isinstance`, as a dtype, compared."""

    real: type[Any]
    dtype: np.dtype[Any]
    kit: Kit

    def __call__(cls, value: Any = 0.0, *args: Any) -> Any:
        """A number, or an array, of that type."""
        if type(value) not in (list, tuple) and cls.kit.holds(value):
            return cls.kit.converted(value, cls.dtype)
        return cls.kit.wrapped(cls.real(value, *args))

    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, cls.real)

    def __subclasscheck__(cls, other: type) -> bool:
        return issubclass(getattr(other, "real", other), cls.real)

    def __eq__(cls, other: object) -> bool:
        return other is cls or other is cls.real

    def __hash__(cls) -> int:
        return hash(cls.real)

    def __getattr__(cls, name: str) -> Any:
        return getattr(cls.real, name)


def _float_type(real: type[Any], kit: Kit) -> Any:
    return _FloatType(real.__name__, (), {"real": real, "dtype": np.dtype(real), "kit": kit})


def name_of(function: Any) -> str:
    """The name of a function of NumPy's, with that of its part: `linalg.norm`."""
    name: str = getattr(function, "__name__", type(function).__name__)
    module = getattr(function, "__module__", None) or ""
    for part in ("linalg", "random", "fft"):
        if part in module.split("."):
            return f"{part}.{name}"
    owner = getattr(function, "__self__", None)
    return f"random.{name}" if isinstance(owner, np.random.RandomState) else name


def _is_function(value: Any) -> bool:
    module = (getattr(value, "__module__", None) or "").partition(".")[0]
    if isinstance(value, BuiltinFunctionType | MethodType):
        owner = getattr(value, "__self__", None)
        return isinstance(owner, np.random.RandomState) or module == "numpy"
    dispatched = type(value).__name__ == "_ArrayFunctionDispatcher"
    return (isinstance(value, FunctionType) or dispatched) and module == "numpy"
