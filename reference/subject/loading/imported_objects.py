"""Modules, classes and functions that Python has loaded already → definitions with their text."""

from __future__ import annotations

import ast
import hashlib
import importlib
import linecache
import pkgutil
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from trigrad.subject.loading.loaded import Definition, Loaded
from trigrad.subject.loading.silence import silent
from trigrad.subject.source.definitions import ClassOrFunction
from trigrad.subject.source.parsing import parsed
from trigrad.subject.source.text import Chunk, UnreadableError


@contextmanager
def _last(folders: Sequence[str]) -> Iterator[None]:
    """Let modules in these folders be found, after every library."""
    before = list(sys.path)
    sys.path += [folder for folder in folders if folder not in sys.path]
    try:
        yield
    finally:
        sys.path[:] = before


def import_by_name(name: str, folders: Sequence[str]) -> ModuleType:
    """Import a module for real, as its users do; it is looked for in these folders last.

    Raises:
        UnreadableError: it is not there, or it raises.
    """
    with _last(folders):
        try:
            with silent():
                return importlib.import_module(name)
        except ModuleNotFoundError as error:
            if error.name and (name == error.name or name.startswith(f"{error.name}.")):
                raise UnreadableError(
                    f"there is no file, folder or importable module {name}: check the spelling"
                ) from error
            raise UnreadableError(f"{name} cannot be imported: {error}") from error
        except (Exception, SystemExit) as error:  # the subject's own, whatever it is
            raise UnreadableError(
                f"{name} cannot be imported: it raises {type(error).__name__}: "
                f"{' '.join(str(error).splitlines()[:1])}"
            ) from error


def load_module(module: ModuleType) -> tuple[str, Loaded]:
    """The fingerprint of a module with its submodules, and what they define."""
    loaded = Loaded()
    digest = hashlib.sha256()
    seen: set[int] = set()
    for part in _with_submodules(module, loaded):
        file = getattr(part, "__file__", None)
        if file is None or not Path(file).is_file():
            continue
        data = Path(file).read_bytes()
        digest.update(data)
        values = [
            value
            for value in vars(part).values()
            if isinstance(value, type | FunctionType) and value.__module__ == part.__name__
        ]
        own = [definition_of(value, loaded) for value in values if id(value) not in seen]
        seen |= {id(value) for value in values}
        loaded.definitions += sorted(own, key=lambda d: d.node.lineno if d.node else 0)
    return digest.hexdigest(), loaded


def _with_submodules(module: ModuleType, loaded: Loaded) -> Iterator[ModuleType]:
    yield module
    for info in pkgutil.iter_modules(getattr(module, "__path__", ())):
        # Tests and scripts define no layers, and importing them would run them.
        if re.fullmatch(r"__main__|conftest|setup|tests?|test_.*|.*_test", info.name):
            continue
        name = f"{module.__name__}.{info.name}"
        try:
            with silent():
                inner = importlib.import_module(name)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - one bad file, said
            loaded.notes.append(f"{name} cannot be imported: {type(error).__name__}: {error}")
            continue
        yield from _with_submodules(inner, loaded)


def definition_of(value: Any, loaded: Loaded) -> Definition:
    """A class or function with its text, if Python still knows it; its place goes into `loaded`."""
    name = value.__name__
    function = _function_of(value)
    if function is None:
        return Definition(name, value)  # without a function of its own there is no text to find
    code = function.__code__
    text = "".join(linecache.getlines(code.co_filename))
    node = _node_at(text, name, code.co_firstlineno)
    if node is None:
        return Definition(name, value)  # typed at a prompt, or made by a program
    chunk = loaded.chunks.get(code.co_filename)
    if chunk is None:
        chunk = Chunk(text, _shown(code.co_filename), compiled_as=code.co_filename)
        loaded.chunks[chunk.label] = chunk
        loaded.namespaces[chunk.label] = function.__globals__
    return Definition(name, value, node, chunk)


def _function_of(value: Any) -> FunctionType | None:
    """A function itself, or the first one in a class's own body."""
    if isinstance(value, FunctionType):
        return value
    functions = (f for f in vars(value).values() if isinstance(f, FunctionType))
    own = (f for f in functions if f.__qualname__.startswith(f"{value.__qualname__}."))
    return next(own, None)


def _node_at(text: str, name: str, line: int) -> ClassOrFunction | None:
    """The innermost definition of that name around a line."""
    tree = parsed(text)
    if tree is None:  # a notebook's cell with magics, as IPython keeps it
        return None
    around = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ClassOrFunction)
        and node.name == name
        and min([node.lineno, *(d.lineno for d in node.decorator_list)])
        <= line
        <= (node.end_lineno or node.lineno)
    ]
    return max(around, key=lambda node: node.lineno, default=None)


def _shown(filename: str) -> str:
    """A file's name; for what was typed in a notebook, that."""
    inside = re.match(r"<ipython-input-(\d+)-", filename)
    if inside:
        return f"In [{inside[1]}]"
    return Path(filename).name if Path(filename).is_file() else "the notebook"
