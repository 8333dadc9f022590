"""Source → definitions, without running training loops, downloads or plots.

Only what defines is run: imports, functions, classes and plain constants (computed ones where a
layer needs them), one statement at a time (`execution`). Nothing is read: the source has the
text of all that it imports, and what it has not is supplied or stood in for (`supplied`).
"""

from __future__ import annotations

import ast
import builtins
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from types import ModuleType

from trigrad.subject.face import Where
from trigrad.subject.loading.dated import syntax
from trigrad.subject.loading.execution import Execution
from trigrad.subject.loading.importing import Importer
from trigrad.subject.loading.lending import lent
from trigrad.subject.loading.loaded import Broken, Definition, Loaded
from trigrad.subject.loading.running import Progress, Skip
from trigrad.subject.loading.silence import silent
from trigrad.subject.loading.supplied import MissingModule
from trigrad.subject.source.contract_names import read_name
from trigrad.subject.source.imports import wanted_of
from trigrad.subject.source.parsing import FAILURES, parse
from trigrad.subject.source.text import (
    NAMESPACE,
    SUBJECT,
    Chunk,
    Module,
    Source,
    UnreadableError,
    lines_of,
    one_line,
)

__all__ = ["Broken", "Definition", "Loaded", "load", "silent"]


_DEFINED = re.compile(r"(class|def)\s+(\w+)")


@dataclass(frozen=True)
class Named:
    """A definition in text that may be no Python, by whose name it is a layer."""

    name: str
    is_function: bool
    where: Where
    layer: str
    """The contract's name."""


def layers_named_in(chunk: Chunk) -> Iterator[Named]:
    """The definitions at the top of a text that are layers by their names, parsed or not."""
    for number, text in enumerate(lines_of(chunk.text), 1):
        found = _DEFINED.match(text)
        reading = read_name(found[2], function=found[1] == "def") if found else None
        if found and reading:
            where = Where(chunk.file, chunk.cell, number, text.strip())
            yield Named(found[2], found[1] == "def", where, reading.contract.name)


def _nothing(label: str, line: int) -> None:
    """What is called before each statement where nobody asked."""


def load(source: Source, *, skip: Skip | None = None, progress: Progress = _nothing) -> Loaded:
    """Run what a source defines and collect it. Nothing is read from the file system.

    Args:
        source: the text, as `sources.read` gives it.
        skip: statements not to run, by the label of their chunk and their line, with the reason;
            they are dealt with as if they had raised that.
        progress: called before each statement with the same two.

    Raises:
        UnreadableError: none of its Python can be parsed.
    """
    loader = _Loader(source, skip or {}, progress)
    try:
        for module in source.modules:
            if module.listed:
                loader.module(module)
    finally:
        for name in [name for name in sys.modules if name.startswith(SUBJECT)]:
            del sys.modules[name]
    return loader.finish(source.notes)


class _Loader:
    def __init__(self, source: Source, skip: Skip, progress: Progress) -> None:
        self._modules = {module.key: module for module in source.modules}
        self._wanted = wanted_of(source)
        self._skip = skip
        self._progress = progress
        self._loaded = Loaded()
        self._parsed = 0
        self._unparsed: list[str] = []
        self._missing: dict[str, None] = {}  # an ordered set
        self._live: dict[str, ModuleType] = {}

    def module(self, module: Module) -> ModuleType:
        """Run the module's definitions in a namespace of its own, once."""
        if module.key in self._live:
            return self._live[module.key]
        # dataclasses look their module up by name; it is taken out again when all is loaded.
        live = ModuleType(f"{SUBJECT}{len(self._live)}.{module.name}")
        self._live[module.key] = sys.modules[live.__name__] = live
        importer = Importer(partial(self._find, module.imports), self._stand_in)
        # Helpers are looked up behind the file's own names, where Python looks for builtins:
        # they can never hide a definition of the learner's.
        vars(live)["__builtins__"] = {**vars(builtins), **lent(module), "__import__": importer}
        vars(live)["__file__"] = module.key
        self._loaded.chunks |= {chunk.label: chunk for chunk in module.chunks}
        self._loaded.namespaces |= {chunk.label: vars(live) for chunk in module.chunks}
        wanted = self._wanted.get(module.key, frozenset())
        execution = Execution(live, importer, self._loaded, self._skip, self._progress, wanted)
        execution.run([(chunk, self._statements(chunk)) for chunk in module.chunks])
        if module.listed:
            self._loaded.definitions += execution.found.values()
            self._loaded.broken += execution.broken.values()
        return live

    def _statements(self, chunk: Chunk) -> list[ast.stmt]:
        try:
            tree = parse(chunk.text, chunk.label)
        except SyntaxError as error:
            line = f", line {error.lineno}" if error.lineno else ""
            words = one_line(syntax(error, chunk.text))
            self._unparsed.append(f"syntax error in {chunk.place}{line}: {words}")
            self._unread(chunk, f"it cannot be read: {words}{line}")
            return []
        except FAILURES as error:
            words = one_line(str(error)) or "it is nested too deeply"
            self._unparsed.append(f"{chunk.place} cannot be parsed: {words}")
            return []
        self._parsed += bool(tree.body)
        return tree.body

    def _unread(self, chunk: Chunk, why: str) -> None:
        """Note what looks like a layer in text that is no Python: it is there, and not judged."""
        for found in layers_named_in(chunk):
            self._loaded.unread.append((found.name, found.is_function, found.where, why))

    def _find(self, imports: Mapping[str, str], name: str) -> ModuleType | None:
        """A module of the learner's own, by the name that one of their modules gives it."""
        key = imports.get(name)
        if key is None:
            return None
        if key.startswith(NAMESPACE):
            return self._live.setdefault(key, ModuleType(name))
        return self.module(self._modules[key])

    def _stand_in(self, name: str) -> MissingModule:
        """A stand-in for a module that is not here; remembered, to be said."""
        self._missing[name] = None
        return MissingModule(name)

    def finish(self, notes: tuple[str, ...]) -> Loaded:
        """What was loaded, with everything said that a reader should know."""
        if self._unparsed and not self._parsed:
            raise UnreadableError(self._unparsed[0])
        skipped = [f"{words}; skipped" for words in self._unparsed]
        missing = [f"not here: {', '.join(self._missing)}"] if self._missing else []
        self._loaded.notes[:0] = [*notes, *skipped, *missing]
        return self._loaded
