"""Load the definitions of a source, without running training loops, downloads or plots.

Only definitions are run: imports, functions, classes and plain constants (computed ones if a layer
needs them), one statement at a time (`execution`). No file is read: the source contains the text of
the learner's modules that it imports. For other modules there are libraries, `helpers` and
`placeholders`.
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

from trigrad.messages import Message
from trigrad.subject.face import Where
from trigrad.subject.loading.execution import Execution
from trigrad.subject.loading.helper_selection import helpers_for
from trigrad.subject.loading.importing import Importer
from trigrad.subject.loading.loaded import BrokenDefinition, Definition, Loaded
from trigrad.subject.loading.placeholders import MissingModule
from trigrad.subject.loading.silence import silent
from trigrad.subject.loading.statement_runner import Progress, Skip
from trigrad.subject.loading.version_hints import syntax_hint
from trigrad.subject.source.contract_names import match_name
from trigrad.subject.source.gradient_names import means_gradient
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

__all__ = ["BrokenDefinition", "Definition", "Loaded", "load", "silent"]


_DEFINED = re.compile(r"(class|def)\s+(\w+)")


@dataclass(frozen=True)
class Named:
    """A definition that is a layer by its name, in text that need not be valid Python."""

    name: str
    is_function: bool
    where: Where
    layer: str
    """The contract's name."""


JUDGE = "trigrad"


def layers_named_in(chunk: Chunk) -> Iterator[Named]:
    """The top-level definitions of a text that are layers by their names; it need not parse."""
    for number, text in enumerate(lines_of(chunk.text), 1):
        found = _DEFINED.match(text)
        match = match_name(found[2], function=found[1] == "def") if found else None
        if found and match:
            where = Where(chunk.file, chunk.cell, number, text.strip())
            yield Named(found[2], found[1] == "def", where, match.contract.name)


def names_gradient_code(chunk: Chunk) -> bool:
    """Whether a function or class of a text has the name of gradient code; it need not parse."""
    found = (_DEFINED.match(text.strip()) for text in lines_of(chunk.text))
    return any(each and means_gradient(each[2]) for each in found)


def _nothing(label: str, line: int) -> None:
    """The default for `progress`."""


def load(source: Source, *, skip: Skip | None = None, progress: Progress = _nothing) -> Loaded:
    """Run the definitions of a source and collect them. No file is read.

    Args:
        source: the text, as `sources.read` gives it.
        skip: statements not to run, with the reason; they count as if they had raised it.
        progress: called before each statement with its chunk's label and its line.

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
    loaded = loader.finish(source.notes)
    modules = (chunk for module in source.modules for chunk in module.chunks)
    unrun = [chunk for chunk in modules if chunk.label not in loaded.chunks]
    loaded.around = (*unrun, *source.around)
    return loaded


class _Loader:
    def __init__(self, source: Source, skip: Skip, progress: Progress) -> None:
        self._modules = {module.key: module for module in source.modules}
        self._wanted = wanted_of(source)
        self._skip = skip
        self._progress = progress
        self._loaded = Loaded()
        self._has_code = False
        self._unparsed: list[str] = []
        self._unreadable: set[str] = set()
        self._missing: dict[str, None] = {}  # an ordered set
        self._live: dict[str, ModuleType] = {}

    def module(self, module: Module) -> ModuleType:
        """Run a module's definitions in a namespace of its own, unless that was done before."""
        if module.key in self._live:
            return self._live[module.key]
        # dataclasses look up their module by name; `load` removes it again at the end.
        live = ModuleType(f"{SUBJECT}{len(self._live)}.{module.name}")
        self._live[module.key] = sys.modules[live.__name__] = live
        importer = Importer(partial(self._find, module.imports), self._placeholder)
        # Helpers are supplied as builtins, so that they never hide a definition of the learner's.
        vars(live)["__builtins__"] = {
            **vars(builtins),
            **helpers_for(module),
            "__import__": importer,
        }
        vars(live)["__file__"] = module.key
        self._loaded.chunks |= {chunk.label: chunk for chunk in module.chunks}
        self._loaded.namespaces |= {chunk.label: vars(live) for chunk in module.chunks}
        wanted = self._wanted.get(module.key, frozenset())
        execution = Execution(
            live,
            importer,
            self._loaded,
            self._skip,
            self._progress,
            wanted,
            noted=not module.opened_apart,
        )
        bodies = [(chunk, self._statements(chunk, module)) for chunk in module.chunks]
        execution.run(bodies)
        if module.listed:
            self._loaded.top += bodies
            self._loaded.definitions += execution.found.values()
            self._loaded.broken += execution.broken.values()
        return live

    def _statements(self, chunk: Chunk, module: Module) -> list[ast.stmt]:
        try:
            tree = parse(chunk.text, chunk.label)
        except SyntaxError as error:
            words = one_line(syntax_hint(error, chunk.text))
            place, line = chunk.place, error.lineno
            if line:
                said = Message("loading.syntax_at", place=place, line=line, words=words)
                unread = Message("loading.unread_at", line=line, words=words)
            else:
                said = Message("loading.syntax", place=place, words=words)
                unread = Message("loading.unread", words=words)
            self._note_unparsed(module, str(said))
            self._list_unread(chunk, str(unread))
            return []
        except FAILURES as error:
            words = one_line(str(error)) or str(Message("loading.nested"))
            self._note_unparsed(
                module, str(Message("loading.not_parsed", place=chunk.place, why=str(words)))
            )
            return []
        self._has_code = self._has_code or bool(tree.body)
        return tree.body

    def _note_unparsed(self, module: Module, words: str) -> None:
        self._unreadable.add(module.key)
        if not module.opened_apart:  # else it is said there
            self._unparsed.append(words)

    def _list_unread(self, chunk: Chunk, why: str) -> None:
        """List what looks like a layer in text that cannot be parsed, as not judged."""
        for found in layers_named_in(chunk):
            self._loaded.unread.append((found.name, found.is_function, found.where, why))

    def _find(self, imports: Mapping[str, str], name: str) -> ModuleType | None:
        """A module of the learner's, by the name that the importing module uses for it."""
        key = imports.get(name)
        if key is None:
            return None
        if key.startswith(NAMESPACE):
            return self._live.setdefault(key, ModuleType(name))
        module = self._modules[key]
        live = self.module(module)
        # What a file that this Python cannot parse would define is missing, as without the file.
        return None if key in self._unreadable and not module.listed else live

    def _placeholder(self, name: str) -> MissingModule:
        """A placeholder for a module that is not found; a note will mention it.

        Not trigrad itself: its check in a notebook is not run again while the notebook is judged.
        """
        if name != JUDGE:
            self._missing[name] = None
        return MissingModule(name)

    def finish(self, notes: tuple[str, ...]) -> Loaded:
        """What was loaded, with notes for the reader.

        Raises:
            UnreadableError: there is text, and none of it can be parsed.
        """
        if self._unparsed and not self._has_code:
            raise UnreadableError(self._unparsed[0])
        skipped = [str(Message("loading.skipped", words=str(words))) for words in self._unparsed]
        missing = (
            [str(Message("loading.not_found", names=", ".join(self._missing)))]
            if self._missing
            else []
        )
        self._loaded.notes[:0] = [*notes, *skipped, *missing]
        return self._loaded
