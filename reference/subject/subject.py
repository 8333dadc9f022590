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
from dataclasses import dataclass, field
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from reference.contracts import Contract, contract_named
from reference.subject.definitions import PASSES, is_stub, methods
from reference.subject.dialects import UnknownDialectError, dialect_of
from reference.subject.face import Face, Where
from reference.subject.inprocess import InProcessFace
from reference.subject.loader import Definition, Loaded, load, silent
from reference.subject.names import read_name
from reference.subject.sources import Chunk, UnreadableError, read
from reference.subject.supplied import HELPERS
from reference.subject.traces import Tracer


@dataclass(frozen=True, eq=False)
class Candidate:
    """A class or function that answers to a contract."""

    contract: Contract
    name: str
    face: Face
    where: Where | None = None
    notes: tuple[str, ...] = ()
    unimplemented: bool = False
    lines: dict[str, tuple[int, int]] = field(default_factory=dict)
    """First and last line of each method ("forward"), and of the whole ("")."""
    uses: frozenset[str] = frozenset()
    """Names that its text mentions: the layers of its own that a network is built from."""


@dataclass(frozen=True)
class Unjudged:
    """Something that looks like a layer and can't be judged, with the reason."""

    name: str
    where: Where | None
    why: str
    layer: str = ""
    """The contract it was read as, if any."""


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
        found = _recognise(definition, tracer, contract, build)
        if isinstance(found, Candidate):
            candidates.append(found)
        elif found is not None:
            unjudged.append(found)
    return Subject(path, sha256, loaded.notes, candidates, unjudged)


def _recognise(
    definition: Definition,
    tracer: Tracer,
    contract: Contract | None,
    build: Callable[..., Any] | None,
) -> Candidate | Unjudged | None:
    is_class = isinstance(definition.value, type)
    reading = read_name(definition.name, function=not is_class)
    row = contract or (reading.contract if reading else None)
    where = _where(definition)
    if row is None:
        if is_class and _is_layer(definition):
            return Unjudged(definition.name, where, "trigrad has no contract of this name")
        return None
    if _is_base(definition):
        return Candidate(row, definition.name, _NOTHING, where, unimplemented=True)
    try:
        dialect = dialect_of(row, definition.value, build)
    except UnknownDialectError as error:
        why = str(error) if definition.name == row.name else f"read as {row.name}, but {error}"
        return Unjudged(definition.name, where, why, row.name)
    notes = [] if definition.name == row.name else [f"read as {row.name}"]
    if definition.earlier:
        others = "; ".join(definition.earlier)
        notes.append(f"the last complete definition is judged, not the one at {others}")
    notes += _supplied(definition)
    return Candidate(
        contract=row,
        name=definition.name,
        face=InProcessFace(row, dialect, tracer),
        where=where,
        notes=tuple(notes),
        lines=_lines(definition),
        uses=_uses(definition),
    )


class _NoFace:
    """The face of what is not implemented: nobody asks it anything."""

    takes_dout = False

    def run(self, commands: Any) -> list[Any]:
        raise AssertionError(f"an unimplemented layer was asked for {commands}")


_NOTHING: Face = _NoFace()


def _where(definition: Definition) -> Where | None:
    if definition.node is None or definition.chunk is None:
        return None
    chunk = definition.chunk
    line = definition.node.lineno
    text = chunk.text.splitlines()[line - 1].strip()
    return Where(chunk.file, chunk.cell, line, text)


def _is_layer(definition: Definition) -> bool:
    passes = [getattr(definition.value, name, None) for name in PASSES]
    return all(callable(p) for p in passes) and not _is_base(definition)


def _is_base(definition: Definition) -> bool:
    """Whether forward or backward (or a whole function) is a stub: an exercise not yet done."""
    node = definition.node
    if isinstance(node, ast.FunctionDef):
        return is_stub(node)
    if node is None:
        return False
    own = methods(node)
    return any(is_stub(own[name]) for name in PASSES if name in own)


def _names(definition: Definition) -> set[str]:
    if definition.node is None:
        return set()
    walk = list(ast.walk(definition.node))
    return {n.id for n in walk if isinstance(n, ast.Name)} | {
        n.attr for n in walk if isinstance(n, ast.Attribute)
    }


def _uses(definition: Definition) -> frozenset[str]:
    return frozenset(_names(definition) - {definition.name})


def _supplied(definition: Definition) -> list[str]:
    """Helpers that its text uses and its module does not define."""
    scope = getattr(definition.value, "__globals__", None)
    if scope is None:
        functions = (f for f in vars(definition.value).values() if isinstance(f, FunctionType))
        scope = next((f.__globals__ for f in functions), None)
    if scope is None or definition.node is None:
        return []
    loads = {n.id for n in ast.walk(definition.node) if isinstance(n, ast.Name)}
    used = [
        name
        for name, helper in HELPERS.items()
        if name in loads and scope.get(name, helper) is helper and name not in ("np", "numpy")
    ]
    builtins_of = scope.get("__builtins__")
    ours = isinstance(builtins_of, dict) and builtins_of.get("np") is HELPERS["np"]
    if not used or not ours:
        return []
    was = "is" if len(used) == 1 else "are"
    return [f"{' and '.join(used)} {was} not in this file: the chapter's {was} used"]


def _lines(definition: Definition) -> dict[str, tuple[int, int]]:
    node = definition.node
    if node is None:
        return {}
    lines = {"": (node.lineno, node.end_lineno or node.lineno)}
    if isinstance(node, ast.ClassDef):
        for name, method in methods(node).items():
            lines[name] = (method.lineno, method.end_lineno or method.lineno)
    return lines
