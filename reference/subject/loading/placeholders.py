"""Placeholders for modules that are not found.

Learners' notes import `common.functions`, `dataset.mnist`, `matplotlib`. The helper functions of
the chapter are supplied if the file does not define them (`helpers`). Any other name becomes a
placeholder. While definitions are loaded, a placeholder can be called, used as a decorator or as a
base class. When a layer uses it later, it raises an error that says what is missing.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import FunctionType, ModuleType
from typing import Any

from trigrad.messages import Message
from trigrad.subject.loading.helpers import HELPERS
from trigrad.subject.source.libraries import is_library, is_third_party

__all__ = ["FROM_COMMON", "HELPERS", "MissingModule", "Placeholder", "UnavailableError"]

_LOADING: ContextVar[bool] = ContextVar("loading", default=False)


@contextmanager
def while_loading() -> Iterator[None]:
    """Mark that definitions are being run, and not yet the layers themselves."""
    token = _LOADING.set(True)
    try:
        yield
    finally:
        _LOADING.reset(token)


class UnavailableError(ImportError):
    """A layer used a name from a module that is not found."""

    def __init__(self, name: str, module: str) -> None:
        super().__init__(str(Message("loading.comes_from", name=name, module=module)))
        self.module = module


FROM_COMMON = frozenset(
    (
        *("identity_function", "step_function", "sigmoid_grad", "relu_grad"),
        *("sum_squared_error", "mean_squared_error", "softmax_loss"),
        *("smooth_curve", "shuffle_dataset", "load_mnist"),
    )
)
"""More names that a star import from the book's modules would have brought."""


class StubBase:
    """Stands for a base class that is not found: takes any arguments and does nothing.

    It has no forward and no backward: those of the layer itself are judged.
    """

    def __init__(self, *_: object, **__: object) -> None:
        super().__init__()

    def __init_subclass__(cls, **_: object) -> None:
        super().__init_subclass__()


def stub_base(name: str) -> type:
    """An empty base class of that name."""
    return type(name, (StubBase,), {})


class Placeholder:
    """Stands for a name from a module that is not found; using it in a layer raises."""

    def __init__(self, name: str, module: str) -> None:
        self._name = name
        self._module = module

    def __getattr__(self, name: str) -> Placeholder:
        if name.startswith("__"):
            raise AttributeError(name)
        return Placeholder(f"{self._name}.{name}", self._module)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Return a function, a class, or what is passed to `tqdm` unchanged.

        Raises:
            UnavailableError: a layer calls it, after loading.
        """
        if len(args) == 1 and not kwargs and isinstance(args[0], FunctionType | type):
            return args[0]
        if self._name.rpartition(".")[2] == "tqdm" and args:
            return args[0]
        if _LOADING.get():
            return Placeholder(f"{self._name}()", self._module)
        raise UnavailableError(self._name, self._module)

    def __instancecheck__(self, _: object) -> bool:
        return False  # nothing is an instance of a class that is not found

    def __subclasscheck__(self, _: type) -> bool:
        return False

    def __mro_entries__(self, _: tuple[object, ...]) -> tuple[type, ...]:
        return (stub_base(self._name.rpartition(".")[2]),)


def _of_operators() -> None:
    """Have every operator of Python and of NumPy say what is missing, too.

    While definitions are loaded, an operation between values has a placeholder as its result.
    """
    binary = ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul", "and", "or")
    unary = ("getitem", "neg", "pos", "abs", "lt", "le", "gt", "ge")
    values = (*unary, *binary, *(f"r{name}" for name in binary))
    for name in (*values, "setitem", "iter", "len", "bool", "int", "float", "index", "enter"):
        setattr(Placeholder, f"__{name}__", _operator(with_result=name in values))
    for name in ("__array__", "__array_ufunc__", "__array_function__"):
        setattr(Placeholder, name, _operator(with_result=False))


def _operator(*, with_result: bool) -> Callable[..., Any]:
    def operator(self: Placeholder, *_: object, **__: object) -> Placeholder:
        if with_result and _LOADING.get():
            return Placeholder(self._name, self._module)
        raise UnavailableError(self._name, self._module)

    return operator


_of_operators()


class MissingModule(ModuleType):
    """Stands for a module that is not found: supplies the chapter's helpers, else placeholders."""

    __all__: list[str] = []  # noqa: RUF012 - a star import binds nothing
    __path__: list[str] = []  # noqa: RUF012 - so that submodules can be imported

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if self.__name__.partition(".")[0] in _PYTHON_2_COMPATIBILITY:
            if name in HELPERS or name in vars(builtins):
                return HELPERS.get(name, vars(builtins).get(name))
            return MissingModule(f"{self.__name__}.{name}")
        # The softmax of a library is another function, with other arguments.
        if name in HELPERS and not (is_third_party(self.__name__) or is_library(self.__name__)):
            return HELPERS[name]
        return Placeholder(name, self.__name__)

    def __mro_entries__(self, _: tuple[object, ...]) -> tuple[type, ...]:
        return (stub_base(self.__name__.rpartition(".")[2]),)


_PYTHON_2_COMPATIBILITY = frozenset({"past", "future", "six", "__builtin__"})
"""Packages that supply names of Python 2 in Python 3, and the other way round."""
