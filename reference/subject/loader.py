"""Source → definitions, without running training loops, downloads or plots.

Only what defines is run: imports, functions, classes and plain constants (computed ones where a
layer needs them), one statement at a time, so that one that fails leaves the others standing.
Imports are found in the learner's own folder, and what cannot be found is supplied or stood in
for (`supplied`).
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import io
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from reference.subject.constants import OPERANDS, name_of, needed
from reference.subject.definitions import (
    ClassOrFunction,
    Statement,
    defines,
    definitions_of,
    without_superseded,
)
from reference.subject.importing import Importer
from reference.subject.sources import Chunk, Module, Source, UnreadableError, read_chunks
from reference.subject.supplied import HELPERS, MissingModule, UnavailableError

_NAMESPACE = "trigrad_subject_"

# Annotations are not evaluated: one that names a type that is not here must not cost the layer.
_FLAGS = annotations.compiler_flag


@dataclass(frozen=True, eq=False)
class Definition:
    """A class or function of the subject, with its text where that is known."""

    name: str
    value: Any
    node: ClassOrFunction | None = None
    chunk: Chunk | None = None
    earlier: tuple[str, ...] = ()
    """Where the same name is defined too: those definitions are not judged."""


@dataclass
class Loaded:
    """Everything that a source defines, in source order."""

    definitions: list[Definition] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    chunks: dict[str, Chunk] = field(default_factory=dict)
    """By label, to find a traceback's line again."""
    stars: list[str] = field(default_factory=list)
    """Modules that are star-imported and not here: they may have brought any name."""
    skipped: dict[str, str] = field(default_factory=dict)
    """Names that are computed at the top of a file and were not, with their places."""


class _Sink(io.StringIO):
    """Takes what a learner's code prints, and keeps nothing of it."""

    def write(self, text: str) -> int:
        return len(text)


_SINK = _Sink()


@contextlib.contextmanager
def silent() -> Iterator[None]:
    """Keep what a learner's code prints off our screen; what it asks for is never there."""
    stdin, stdout, stderr = sys.stdin, sys.stdout, sys.stderr
    sys.stdin, sys.stdout, sys.stderr = io.StringIO(), _SINK, _SINK
    try:
        yield
    finally:
        sys.stdin, sys.stdout, sys.stderr = stdin, stdout, stderr


def load(source: Source) -> Loaded:
    """Run what a source defines and collect it.

    Raises:
        UnreadableError: none of its Python can be parsed.
    """
    loader = _Loader(source.root, source.modules)
    try:
        for module in source.modules:
            loader.module(module)
    finally:
        for name in [name for name in sys.modules if name.startswith(_NAMESPACE)]:
            del sys.modules[name]
    return loader.finish(source.notes)


class _Loader:
    def __init__(self, root: Path, modules: tuple[Module, ...]) -> None:
        self._root = root
        self._loaded = Loaded()
        self._parsed = 0
        self._unparsed: list[str] = []
        self._missing: dict[str, None] = {}  # an ordered set
        self._live: dict[Path, ModuleType] = {}
        self._packages: dict[Path, ModuleType] = {}
        self._known = {module.file: module for module in modules}
        self._listed = set(self._known)

    def module(self, module: Module) -> ModuleType:
        """Run the module's definitions in a namespace of its own, once."""
        file = module.file
        if file in self._live:
            return self._live[file]
        # dataclasses look their module up by name; it is taken out again when all is loaded.
        live = self._live[file] = ModuleType(f"{_NAMESPACE}{len(self._live)}.{module.name}")
        sys.modules[live.__name__] = live
        importer = Importer(self.find, self.missing, module.folder)
        # Helpers are looked up behind the file's own names, where Python looks for builtins:
        # they can never hide a definition of the learner's.
        vars(live)["__builtins__"] = {**vars(builtins), **HELPERS, "__import__": importer}
        vars(live)["__file__"] = str(file)
        for chunk in module.chunks:
            self._loaded.chunks[chunk.label] = chunk
        statements = [item for chunk in module.chunks for item in self._statements(chunk)]
        places = {
            name: [_place(chunk, node) for chunk, node in nodes]
            for name, nodes in definitions_of(statements).items()
        }
        constants = needed(statements)
        found: dict[str, Definition] = {}
        for chunk, statement in without_superseded(statements):
            if defines(statement) or statement in constants:
                self._execute(live, chunk, statement, importer)
            elif name_of(statement) not in OPERANDS:
                self._loaded.skipped[name_of(statement)] = _place(chunk, statement)
            named = isinstance(statement, ClassOrFunction) and statement.name in vars(live)
            if named or _lambda_name(statement) in vars(live):
                name = statement.name if named else _lambda_name(statement)  # type: ignore[attr-defined]
                node = statement if named else None
                here = _place(chunk, statement)
                others = tuple(p for p in places.get(name, ()) if p != here)
                found.pop(name, None)  # the last one counts, at its own place in the order
                found[name] = Definition(name, vars(live)[name], node, chunk, others)  # type: ignore[arg-type]
        if file in self._listed:
            self._loaded.definitions += found.values()
        return live

    def _statements(self, chunk: Chunk) -> list[Statement]:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # an invalid escape in a learner's string
                tree = ast.parse(chunk.text, chunk.label)
        except SyntaxError as error:
            line = f", line {error.lineno}" if error.lineno else ""
            self._unparsed.append(f"syntax error in {chunk.place}{line}: {error.msg}")
            return []
        except (ValueError, RecursionError, MemoryError) as error:
            self._unparsed.append(f"{chunk.place} cannot be parsed: {error}")
            return []
        self._parsed += bool(tree.body)
        return [(chunk, statement) for statement in tree.body]

    def _execute(
        self, live: ModuleType, chunk: Chunk, statement: ast.stmt, importer: Importer
    ) -> None:
        importer.strict = isinstance(statement, ast.Try)
        try:
            with silent(), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                code = compile(
                    ast.Module([statement], []), chunk.label, "exec", _FLAGS, dont_inherit=True
                )
                if isinstance(statement, ast.ImportFrom):
                    self._import_from(live, statement, importer, code)
                else:
                    exec(code, vars(live))
        except (Exception, SystemExit) as error:  # noqa: BLE001 - the learner's, and said
            if isinstance(statement, ast.Assign | ast.AnnAssign):
                return  # an alias or a sum of something that a skipped statement computes
            what = str(error) if isinstance(error, UnavailableError) else _in_words(error)
            where = f"{chunk.place}, line {statement.lineno}"
            self._loaded.notes.append(f"{where}: skipped, {what}")
        finally:
            importer.strict = False

    def _import_from(
        self, live: ModuleType, statement: ast.ImportFrom, importer: Importer, code: Any
    ) -> None:
        names = tuple(alias.name for alias in statement.names)
        module = importer(statement.module or "", fromlist=names, level=statement.level)
        if not isinstance(module, MissingModule):
            exec(code, vars(live))
            return
        for alias in statement.names:
            if alias.name == "*":
                self._loaded.stars.append(module.__name__)
                continue
            name = alias.asname or alias.name
            # A definition of the learner's own is what there is to judge: what is not here
            # never takes its place.
            if name not in vars(live):
                vars(live)[name] = getattr(module, alias.name)

    def find(self, name: str, folder: Path) -> ModuleType | None:
        """A module of the learner's own: beside the importing file, or from the root."""
        relative = Path(*name.split(".")) if name else Path()
        for base in dict.fromkeys((folder, self._root, *self._above_package())):
            candidates = [base / relative / "__init__.py"]
            if name:
                candidates.insert(0, base / relative.parent / f"{relative.name}.py")
            for file in candidates:
                if file.is_file():
                    return self._neighbour(file.resolve())
            package = (base / relative).resolve()
            if any(package.glob("*.py")):  # a package without __init__.py
                return self._packages.setdefault(package, ModuleType(name))
        return None

    def _above_package(self) -> list[Path]:
        """The folder in which the subject's folder is a package that can be imported by name."""
        base = self._root
        while (base / "__init__.py").is_file():
            base = base.parent
        return [] if base == self._root else [base]

    def _neighbour(self, file: Path) -> ModuleType | None:
        if file not in self._known:
            inside = file.is_relative_to(self._root)
            shown = str(file.relative_to(self._root)) if inside else file.name
            try:
                chunks = read_chunks(file, shown)
            except UnreadableError as error:
                self._loaded.notes.append(str(error))
                return None
            self._known[file] = Module(file.stem, file.parent, file, chunks)
        return self.module(self._known[file])

    def missing(self, name: str) -> MissingModule:
        """A stand-in for a module that is not here; remembered, to be said."""
        self._missing[name] = None
        return MissingModule(name)

    def finish(self, notes: list[str]) -> Loaded:
        """What was loaded, with everything said that a reader should know."""
        if self._unparsed and not self._parsed:
            raise UnreadableError(f"nothing can be judged: {self._unparsed[0]}")
        skipped = [f"{words}; skipped" for words in self._unparsed]
        missing = [f"not here: {', '.join(self._missing)}"] if self._missing else []
        self._loaded.notes[:0] = [*notes, *skipped, *missing]
        return self._loaded


def _place(chunk: Chunk, node: ast.stmt) -> str:
    return f"cell {chunk.cell}, line {node.lineno}" if chunk.cell else f"line {node.lineno}"


def _lambda_name(statement: ast.stmt) -> str:
    """The name of a function that is spelt as a lambda; empty if the statement is none."""
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Lambda()):
            return name
        case _:
            return ""


def _in_words(error: BaseException) -> str:
    return f"it raises {type(error).__name__}: {error}"
