"""What stands in for a module that is not here.

Learners' notes import `common.functions`, `dataset.mnist`, `matplotlib`. The helper functions of
the chapter are supplied where the file has none of its own (`helpers`); anything else is a
placeholder. While definitions are loaded a placeholder bears whatever is done with it, as a
decorator or a base class; when a layer that runs uses it, it says what is missing.
"""

from __future__ import annotations

import builtins
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import FunctionType, ModuleType
from typing import Any

from trigrad.subject.loading.helpers import HELPERS
from trigrad.subject.source.libraries import is_third_party

__all__ = ["FROM_COMMON", "HELPERS", "MissingModule", "Placeholder", "UnavailableError"]

_LOADING: ContextVar[bool] = ContextVar("loading", default=False)


@contextmanager
def loading() -> Iterator[None]:
    """While definitions are run, and not yet the layers themselves."""
    token = _LOADING.set(True)
    try:
        yield
    finally:
        _LOADING.reset(token)


class UnavailableError(ImportError):
    """Something was used that comes from a module that is not here."""

    def __init__(self, name: str, module: str) -> None:
        super().__init__(f"{name} comes from {module}, which is not here")
        self.module = module


FROM_COMMON = frozenset(
    (
        *("identity_function", "step_function", "sigmoid_grad", "relu_grad"),
        *("sum_squared_error", "mean_squared_error", "softmax_loss"),
        *("smooth_curve", "shuffle_dataset", "load_mnist"),
    )
)
"""Further names that a star import from the book's modules would have brought."""


class StubBase:
    """Stands for a base class that is not here: takes any arguments and does nothing.

    It has no forward and no backward: a layer's own are what counts.
    """

    def __init__(self, *_: object, **__: object) -> None:
        super().__init__()

    def __init_subclass__(cls, **_: object) -> None:
        super().__init_subclass__()


def stub_base(name: str) -> type:
    """A base class of that name which has nothing of its own."""
    return type(name, (StubBase,), {})


class Placeholder:
    """Stands for a name from a module that is not here; a layer that uses it raises."""

    def __init__(self, name: str, module: str) -> None:
        self._name = name
        self._module = module

    def __getattr__(self, name: str) -> Placeholder:
        if name.startswith("__"):
            raise AttributeError(name)
        return Placeholder(f"{self._name}.{name}", self._module)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """A decorator leaves what it decorates as it is, and no progress is shown.

        Raises:
            UnavailableError: a layer that runs needs what is not here.
        """
        if len(args) == 1 and not kwargs and isinstance(args[0], FunctionType | type):
            return args[0]
        if self._name.rpartition(".")[2] == "tqdm" and args:
            return args[0]
        if _LOADING.get():
            return Placeholder(f"{self._name}()", self._module)
        raise UnavailableError(self._name, self._module)

    def __instancecheck__(self, _: object) -> bool:
        return False  # nothing can be of a class that is not here

    def __subclasscheck__(self, _: type) -> bool:
        return False

    def __mro_entries__(self, _: tuple[object, ...]) -> tuple[type, ...]:
        return (stub_base(self._name.rpartition(".")[2]),)


class MissingModule(ModuleType):
    """Stands for a module that is not here: the chapter's helpers, placeholders for the rest."""

    __all__: list[str] = []  # noqa: RUF012 - a star import takes nothing from it
    __path__: list[str] = []  # noqa: RUF012 - so that a submodule can be imported from it

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if self.__name__.partition(".")[0] in _OF_TWO_PYTHONS:
            if name in HELPERS or name in vars(builtins):
                return HELPERS.get(name, vars(builtins).get(name))
            return MissingModule(f"{self.__name__}.{name}")
        # A framework's softmax is another function, with other arguments.
        if name in HELPERS and not is_third_party(self.__name__):
            return HELPERS[name]
        return Placeholder(name, self.__name__)

    def __mro_entries__(self, _: tuple[object, ...]) -> tuple[type, ...]:
        return (stub_base(self.__name__.rpartition(".")[2]),)


_OF_TWO_PYTHONS = frozenset({"past", "future", "six", "__builtin__"})
"""Packages that give Python 2's names to Python 3, and the other way round."""
