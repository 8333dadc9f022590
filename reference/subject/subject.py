"""The subject: a path, module or class → the layers in it that can be judged."""

from __future__ import annotations

import ast
import hashlib
import importlib
import importlib.util
import inspect
import pkgutil
import sys
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from reference.contract import Contract
from reference.contracts import contract_named
from reference.subject.loader import Definition, Loaded, load, silent
from reference.subject.recognition import Candidate, Unjudged, recognise
from reference.subject.sources import Chunk, UnreadableError, read
from reference.subject.traces import Tracer


@dataclass
class Subject:
    """The implementation on trial."""

    path: str
    sha256: str
    notes: list[str]
    candidates: list[Candidate]
    unjudged: list[Unjudged]


def open_subject(
    target: str | Path | ModuleType | type | FunctionType,
    *,
    contract: str | None = None,
    build: Callable[..., Any] | None = None,
) -> Subject:
    """Load whatever a user points at: a path, an importable name, a module, class or function.

    `contract` names the row that a class is to be judged by, `build` makes its object from the
    row's parameters.

    Raises:
        UnreadableError: there is nothing that could be judged; says why, in one line.
    """
    if isinstance(target, ModuleType):
        return _from_module(target)
    if not isinstance(target, str | Path):
        return _from_object(target, contract, build)
    path = Path(target)
    if not path.exists() and isinstance(target, str) and _looks_importable(target):
        return _from_module(_import(target))
    source = read(path)
    loaded = load(source)
    return _recognised(source.path, source.sha256, loaded)


def _looks_importable(name: str) -> bool:
    return all(part.isidentifier() for part in name.split("."))


@contextmanager
def _current_folder_last() -> Iterator[None]:
    """Let a module in the current folder be found, after every library."""
    here = str(Path.cwd())
    sys.path.append(here)
    try:
        yield
    finally:
        sys.path.remove(here)


def _import(name: str) -> ModuleType:
    with _current_folder_last():
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
                f"{name} cannot be imported: it raises {type(error).__name__}: {error}"
            ) from error


def _from_module(module: ModuleType) -> Subject:
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
        own = [_definition(value, loaded) for value in values if id(value) not in seen]
        seen |= {id(value) for value in values}
        loaded.definitions += sorted(own, key=lambda d: d.node.lineno if d.node else 0)
    return _recognised(module.__name__, digest.hexdigest(), loaded)


def _with_submodules(module: ModuleType, loaded: Loaded) -> Iterator[ModuleType]:
    yield module
    for info in pkgutil.iter_modules(getattr(module, "__path__", ())):
        # Tests and scripts define no layers, and importing them would run them.
        if info.name in ("__main__", "conftest", "setup", "tests") or "test" in info.name:
            continue
        name = f"{module.__name__}.{info.name}"
        try:
            with silent():
                inner = importlib.import_module(name)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - one bad file, said
            loaded.notes.append(f"{name} cannot be imported: {type(error).__name__}: {error}")
            continue
        yield from _with_submodules(inner, loaded)


def _definition(value: Any, loaded: Loaded) -> Definition:
    """A definition with its text, if Python still knows it."""
    name = value.__name__
    try:
        file = inspect.getsourcefile(value)
        lines, first = inspect.getsourcelines(value)
        tree = ast.parse(textwrap.dedent("".join(lines)))
    except (OSError, TypeError, SyntaxError):
        return Definition(name, value)  # made by hand: it is judged without its text
    node = tree.body[0]
    if file is None or not isinstance(node, ast.ClassDef | ast.FunctionDef):
        return Definition(name, value)
    ast.increment_lineno(node, first - 1)
    chunk = loaded.chunks.get(file)
    if chunk is None:
        whole, _ = inspect.findsource(value)
        chunk = loaded.chunks[file] = Chunk("".join(whole), Path(file).name)
    return Definition(name, value, node, chunk)


def _from_object(value: Any, contract: str | None, build: Callable[..., Any] | None) -> Subject:
    name = getattr(value, "__name__", type(value).__name__)
    loaded = Loaded()
    if not isinstance(value, type | FunctionType) and not callable(value):
        raise UnreadableError(f"{name} is no path, module, class or function")
    definition = _definition(value, loaded)
    loaded.definitions.append(definition)
    row: Contract | None = None
    if contract is not None:
        row = contract_named(contract)
        if row is None:
            raise UnreadableError(f"there is no contract named {contract!r}")
    text = ast.unparse(definition.node) if definition.node else name
    digest = hashlib.sha256(text.encode()).hexdigest()
    return _recognised(name, digest, loaded, row, build)


def _recognised(
    path: str,
    sha256: str,
    loaded: Loaded,
    contract: Contract | None = None,
    build: Callable[..., Any] | None = None,
) -> Subject:
    tracer = Tracer(loaded.chunks, tuple(loaded.stars))
    candidates, unjudged = [], []
    for definition in loaded.definitions:
        found = recognise(definition, tracer, contract, build)
        if isinstance(found, Candidate):
            candidates.append(found)
        elif found is not None:
            unjudged.append(found)
    return Subject(path, sha256, loaded.notes, candidates, unjudged)
