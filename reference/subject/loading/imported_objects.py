"""Definitions and their text, from modules, classes and functions that are already imported."""

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

from trigrad.messages import Message
from trigrad.subject.loading.loaded import Definition, Loaded
from trigrad.subject.loading.silence import silent
from trigrad.subject.source.definitions import ClassOrFunction
from trigrad.subject.source.parsing import parsed
from trigrad.subject.source.text import Chunk, UnreadableError
from trigrad.subject.source.walking import walk


@contextmanager
def _searched_last(folders: Sequence[str]) -> Iterator[None]:
    """Append these folders to `sys.path`: libraries are found before the modules in them."""
    before = list(sys.path)
    sys.path += [folder for folder in folders if folder not in sys.path]
    try:
        yield
    finally:
        sys.path[:] = before


def import_by_name(name: str, folders: Sequence[str]) -> ModuleType:
    """Import a module as its users do; these folders are searched last.

    Raises:
        UnreadableError: it does not exist, or importing it raises.
    """
    with _searched_last(folders):
        try:
            with silent():
                return importlib.import_module(name)
        except ModuleNotFoundError as error:
            if error.name and (name == error.name or name.startswith(f"{error.name}.")):
                raise UnreadableError(str(Message("module.none", name=name))) from error
            words = Message("module.not_imported", name=name, why=str(error))
            raise UnreadableError(str(words)) from error
        except (Exception, SystemExit) as error:  # raised by the subject's code
            first = " ".join(str(error).splitlines()[:1])
            words = Message("module.raises", name=name, kind=type(error).__name__, why=first)
            raise UnreadableError(str(words)) from error


def load_module(module: ModuleType) -> tuple[str, Loaded]:
    """The hash of a module with its submodules, and their definitions."""
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
        # Tests and scripts define no layers, and importing runs them.
        if re.fullmatch(r"__main__|conftest|setup|tests?|test_.*|.*_test", info.name):
            continue
        name = f"{module.__name__}.{info.name}"
        try:
            with silent():
                inner = importlib.import_module(name)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - noted; the other files are loaded
            why = f"{type(error).__name__}: {error}"
            loaded.notes.append(str(Message("module.not_imported", name=name, why=why)))
            continue
        yield from _with_submodules(inner, loaded)


def definition_of(value: Any, loaded: Loaded) -> Definition:
    """A class or function with its text, if that is known; its chunk is added to `loaded`."""
    name = value.__name__
    function = _function_of(value)
    if function is not None:
        file, names = function.__code__.co_filename, function.__globals__
    else:  # a class without functions of its own: its module's file is all that links it
        file, names = _module_of(value)
    text = "".join(linecache.getlines(file)) if file else ""
    node = _node_at(text, name, function.__code__.co_firstlineno if function is not None else 0)
    if node is None:
        return Definition(name, value)  # entered at a prompt, or created by a program
    chunk = loaded.chunks.get(file)
    if chunk is None:
        chunk = Chunk(text, _shown(file), compiled_as=file)
        loaded.chunks[chunk.label] = chunk
        loaded.namespaces[chunk.label] = names
    return Definition(name, value, node, chunk)


def _module_of(value: Any) -> tuple[str, dict[str, Any]]:
    """The file and the names of a module that has a class under its name; "" if there is none."""
    names = vars(sys.modules.get(value.__module__, ModuleType("")))
    file = names.get("__file__") if names.get(value.__name__) is value else None
    return file or "", names


def _function_of(value: Any) -> FunctionType | None:
    """A function itself, or the first one in a class's own body."""
    if isinstance(value, FunctionType):
        return value
    functions = (f for f in vars(value).values() if isinstance(f, FunctionType))
    own = (f for f in functions if f.__qualname__.startswith(f"{value.__qualname__}."))
    return next(own, None)


def _node_at(text: str, name: str, line: int) -> ClassOrFunction | None:
    """The innermost definition of a name that includes a line; with line 0 the only class."""
    tree = parsed(text)
    if tree is None:  # a notebook's cell with magics, as IPython stores it
        return None
    named = [n for n in walk(tree) if isinstance(n, ClassOrFunction) and n.name == name]
    if not line:
        return named[0] if len(named) == 1 and isinstance(named[0], ast.ClassDef) else None
    around = [
        node
        for node in named
        if min([node.lineno, *(d.lineno for d in node.decorator_list)])
        <= line
        <= (node.end_lineno or node.lineno)
    ]
    return max(around, key=lambda node: node.lineno, default=None)


def _shown(filename: str) -> str:
    """A file's name for messages; for a cell of a notebook, its prompt."""
    inside = re.match(r"<ipython-input-(\d+)-", filename)
    if inside:
        return f"In [{inside[1]}]"
    return Path(filename).name if Path(filename).is_file() else str(Message("path.notebook"))
