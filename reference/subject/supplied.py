"""What stands in for a module that is not here.

Learners' notes import `common.functions`, `dataset.mnist`, `matplotlib`. The helper functions of
the chapter are supplied, from `impl`, where the file has none of its own; anything else is a
placeholder that says what is missing as soon as it is used.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any, NoReturn

import numpy as np

import impl


class UnavailableError(ImportError):
    """Something was used that comes from a module that is not here."""

    def __init__(self, name: str, module: str) -> None:
        super().__init__(f"{name} comes from {module}, which is not here")
        self.module = module


def cross_entropy_error(y: Any, t: Any) -> Any:
    """The helper for one-hot targets only.

    A supplied helper must not give a layer a capability (labels) that its file does not have.
    """
    if np.shape(y) != np.shape(t):
        raise ValueError("the supplied cross_entropy_error takes one-hot targets only")
    return impl.cross_entropy_error(y, t)


HELPERS: dict[str, Any] = {
    "np": np,
    "numpy": np,
    "sigmoid": impl.sigmoid,
    "softmax": impl.softmax,
    "cross_entropy_error": cross_entropy_error,
    "numerical_gradient": impl.numerical_gradient,
}
"""By the names that the book's `common.functions` and `common.gradient` give them."""

FROM_COMMON = frozenset(
    (
        *("identity_function", "step_function", "relu", "sigmoid_grad", "relu_grad"),
        *("sum_squared_error", "mean_squared_error", "softmax_loss", "im2col", "col2im"),
        *("smooth_curve", "shuffle_dataset", "load_mnist"),
    )
)
"""Further names that a star import from the book's modules would have brought."""


class Placeholder:
    """Stands for a name from a module that is not here; using it raises UnavailableError."""

    def __init__(self, name: str, module: str) -> None:
        self._name = name
        self._module = module

    def __getattr__(self, name: str) -> Placeholder:
        if name.startswith("__"):
            raise AttributeError(name)
        return Placeholder(f"{self._name}.{name}", self._module)

    def __call__(self, *_: object, **__: object) -> NoReturn:
        """Say what is missing."""
        raise UnavailableError(self._name, self._module)

    def __mro_entries__(self, _: tuple[object, ...]) -> tuple[type, ...]:
        """As a base class it is nothing: a layer's own forward and backward are what counts."""
        return ()


class MissingModule(ModuleType):
    """Stands for a module that is not here: the chapter's helpers, placeholders for the rest."""

    __all__: list[str] = []  # noqa: RUF012 - a star import takes nothing from it
    __path__: list[str] = []  # noqa: RUF012 - so that a submodule can be imported from it

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if name in HELPERS:
            return HELPERS[name]
        return Placeholder(name, self.__name__)
