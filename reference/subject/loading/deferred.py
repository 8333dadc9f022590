"""Libraries whose import is deferred until they are used.

Importing PyTorch takes a second, and most notebooks import it only to compare results with it.
"""

from __future__ import annotations

import importlib
import importlib.util
import re
from collections.abc import Sequence
from types import ModuleType
from typing import Any

DEFERRED = frozenset({"torch"})

_MODULES = frozenset(
    ("autograd", "cuda", "data", "distributions", "functional", "init", "nn", "optim", "utils")
)
"""The modules of torch that notebooks import by name."""

_VALUE = re.compile(
    r"(b?float|u?int|complex|cfloat|cdouble)\d*|half|double|long|short|bool|pi|inf|nan|e"
)
"""Names of torch's values, such as dtypes. They are passed to functions, so that no stand-in works
for them."""


def is_deferred(module: str) -> bool:
    """Whether a module is installed and its import can be deferred."""
    top, *inner = module.split(".")
    known = top in DEFERRED and all(part in _MODULES for part in inner)
    return known and importlib.util.find_spec(top) is not None


class Deferred(ModuleType):
    """A stand-in for a module or one of its attributes, which is imported at the first use."""

    def __init__(self, name: str, attribute: str = "") -> None:
        super().__init__(name)
        vars(self)["_attribute"] = attribute

    def _real(self) -> Any:
        module = importlib.import_module(self.__name__)
        attribute = vars(self)["_attribute"]
        if not attribute:
            return module
        try:
            return getattr(module, attribute)
        except AttributeError:  # it is a submodule
            return importlib.import_module(f"{self.__name__}.{attribute}")

    def __getattr__(self, name: str) -> Any:
        if name in _MODULES and not vars(self)["_attribute"]:
            return Deferred(f"{self.__name__}.{name}")
        return getattr(self._real(), name)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the real object."""
        return self._real()(*args, **kwargs)

    def __instancecheck__(self, value: object) -> bool:
        return isinstance(value, self._real())

    def __mro_entries__(self, _: tuple[object, ...]) -> tuple[type, ...]:
        return (self._real(),)


def bound_names(module: Deferred, names: Sequence[str]) -> dict[str, Any]:
    """What `from module import names` binds; values and star imports are not deferred."""
    found: dict[str, Any] = {}
    for name in names:
        if name == "*":
            real = importlib.import_module(module.__name__)
            public = getattr(real, "__all__", [n for n in vars(real) if not n.startswith("_")])
            found |= {n: getattr(real, n) for n in public}
        elif _VALUE.fullmatch(name):
            found[name] = getattr(module, name)
        elif name in _MODULES:
            found[name] = Deferred(f"{module.__name__}.{name}")
        else:
            found[name] = Deferred(module.__name__, name)
    return found
