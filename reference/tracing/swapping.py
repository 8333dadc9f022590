"""NumPy's names in the learner's modules, exchanged for the time of a run.

What is looked through: the names of the modules, and what these hold: defaults and closures of
functions, attributes of classes and objects, lists and dicts. What is not found there still meets
NumPy's protocols, on which stand-ins work too, or loses the gradient and is refused.

All of it is put back as it was before the run, so that no stand-in stays in what the run stored
there: a cache in a global, an attribute of a class.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from types import CellType, FunctionType, ModuleType
from typing import Any

Replacement = Callable[[Any], Any]
"""From an object of NumPy's to its stand-in; from any other to itself."""

_DATA = frozenset((str, int, float, bool, bytes, type(None)))
_LONG = 1000
"""Longer lists and dicts are data."""
_HEAP_TYPE = 1 << 9
"""CPython's flag of classes that a class statement made."""


@contextmanager
def swapped(
    namespaces: Sequence[dict[str, Any]], replacement: Replacement, builtin: Mapping[str, Any]
) -> Iterator[None]:
    """Exchange names in modules' globals; all is put back when the block ends.

    Args:
        namespaces: the globals.
        replacement: what stands for each object that is found there.
        builtin: what stands for Python's built-in names, where a module has no such name.
    """
    swap = _Swap(namespaces, replacement)
    try:
        for namespace in namespaces:
            swap.through_dict(namespace)
            swap.add(namespace, builtin)
        swap.imports()
        yield
    finally:
        swap.undo()


class _Swap:
    def __init__(self, namespaces: Sequence[dict[str, Any]], replacement: Replacement) -> None:
        self._namespaces = {id(each) for each in namespaces}
        self._modules = {each.get("__name__", "builtins") for each in namespaces}
        self._replacement = replacement
        self._undoing: list[Callable[[], object]] = []
        self._seen: set[int] = set()

    def undo(self) -> None:
        """Put back everything, the last first."""
        while self._undoing:
            self._undoing.pop()()

    def add(self, namespace: dict[str, Any], builtin: Mapping[str, Any]) -> None:
        """Put built-in names into a module's globals, which are put back as a whole."""
        for name, value in builtin.items():
            namespace.setdefault(name, value)

    def imports(self) -> None:
        """Let import statements that run in the modules' functions find the stand-ins too."""
        real = builtins.__import__

        def find(name: str, globals: Mapping[str, Any] | None = None, *args: Any) -> Any:
            found = real(name, globals, *args)
            return self._replacement(found) if id(globals) in self._namespaces else found

        self._undoing.append(lambda: setattr(builtins, "__import__", real))
        builtins.__import__ = find  # type: ignore[assignment]

    def through_dict(self, found: dict[Any, Any]) -> None:
        """Exchange the values of a dict, in place."""
        before = dict(found)
        self._undoing.append(lambda: _restore_dict(found, before))
        for key, old in before.items():
            new = old if key == "__builtins__" else self._through(old)
            if new is not old:
                found[key] = new

    def _through(self, value: Any) -> Any:
        """What stands for a value; in what it holds, names are exchanged in place."""
        if type(value) in _DATA:
            return value
        new = self._replacement(value)
        if new is not value or id(value) in self._seen:
            return new
        self._seen.add(id(value))
        if isinstance(value, FunctionType):
            if id(value.__globals__) in self._namespaces:
                self._through_function(value)
        elif isinstance(value, type):
            if value.__flags__ & _HEAP_TYPE and value.__module__ in self._modules:
                self._through_class(value)
        elif type(value) is tuple:
            parts = tuple(self._through(each) for each in value)
            return parts if any(a is not b for a, b in zip(parts, value, strict=True)) else value
        elif type(value) is dict:
            if len(value) <= _LONG:
                self.through_dict(value)
        elif type(value) is list:
            if len(value) <= _LONG:
                self._through_list(value)
        elif type(value) in (staticmethod, classmethod):
            inner = self._through(value.__func__)
            return value if inner is value.__func__ else type(value)(inner)
        elif type(value) is property:
            for each in (value.fget, value.fset):
                self._through(each)
        elif type(value) is partial:
            function, args = self._through(value.func), self._through(value.args)
            if function is not value.func or args is not value.args:
                return partial(function, *args, **value.keywords)
        elif type(value).__module__ in self._modules and not isinstance(value, ModuleType):
            self.through_dict(getattr(value, "__dict__", {}))
        return value

    def _through_list(self, value: list[Any]) -> None:
        before = list(value)
        self._undoing.append(lambda: value.__setitem__(slice(None), before))
        value[:] = map(self._through, before)

    def _through_function(self, function: FunctionType) -> None:
        for name in ("__defaults__", "__kwdefaults__"):
            old = getattr(function, name)
            new = self._through(old)
            if new is not old:
                setattr(function, name, new)
                self._undoing.append(partial(setattr, function, name, old))
        for cell in function.__closure__ or ():
            self._through_cell(cell)

    def _through_cell(self, cell: CellType) -> None:
        try:
            old = cell.cell_contents
        except ValueError:
            return  # still empty
        new = self._through(old)
        if new is not old:
            cell.cell_contents = new
            self._undoing.append(partial(setattr, cell, "cell_contents", old))

    def _through_class(self, found: type) -> None:
        before = {k: v for k, v in vars(found).items() if k not in ("__dict__", "__weakref__")}
        self._undoing.append(lambda: _restore_class(found, before))
        for name, old in before.items():
            new = self._through(old)
            if new is not old:
                type.__setattr__(found, name, new)
        for base in found.__bases__:
            self._through(base)


def _restore_dict(found: dict[Any, Any], before: dict[Any, Any]) -> None:
    for key in [key for key in found if key not in before]:
        del found[key]
    for key, old in before.items():
        if found.get(key) is not old:
            found[key] = old


def _restore_class(found: type, before: dict[str, Any]) -> None:
    for name in [name for name in vars(found) if name not in before]:
        if name not in ("__dict__", "__weakref__"):
            type.__delattr__(found, name)
    for name, old in before.items():
        if vars(found).get(name) is not old:
            type.__setattr__(found, name, old)
