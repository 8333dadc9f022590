"""The subject: a path, module or class → the layers in it that can be judged."""

from __future__ import annotations

import ast
import hashlib
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from reference.contract import Contract
from reference.contracts import contract_named
from reference.sandbox.limits import Limits
from reference.subject.broken import BrokenFace
from reference.subject.dialects import Dialects, UnknownDialectError, dialect_of, dialect_of_pair
from reference.subject.face import DEFINITION, Face, Raised
from reference.subject.frameworks import frameworks_of
from reference.subject.inprocess import InProcessFace
from reference.subject.live import definition_of, import_by_name, load_module
from reference.subject.loaded import Definition
from reference.subject.loader import Loaded, load
from reference.subject.names import read_name
from reference.subject.pairing import Pair, pairs_among
from reference.subject.rebuilding import Rebuilder
from reference.subject.recognition import (
    Candidate,
    Unjudged,
    recognise,
    recognise_broken,
    recognise_pair,
)
from reference.subject.running import Progress
from reference.subject.sources import CODE_SUFFIXES, Module, Source, UnreadableError, read, there
from reference.subject.traces import Tracer


@dataclass
class Subject:
    """The implementation on trial."""

    path: str
    sha256: str
    notes: list[str]
    candidates: list[Candidate]
    unjudged: list[Unjudged]
    single: bool = False
    """Whether it is one class or function, given as such in Python."""
    modules: tuple[Module, ...] = ()
    """Its text; nothing where that is not known."""
    limited: bool = False
    """Whether what hangs is stopped."""
    reload: Callable[[Mapping[str, str]], Subject] | None = None
    """Opens it again, in the same way, with other texts for the chunks of these labels; None
    where it was given as live Python objects."""


def open_subject(
    target: str | Path | ModuleType | type | FunctionType,
    *,
    contract: str | None = None,
    build: Callable[..., Any] | None = None,
    limits: Limits | None = None,
) -> Subject:
    """Load whatever a user points at: a path, an importable name, a module, class or function.

    `contract` names the row that a class is to be judged by, `build` makes its object from the
    row's parameters. With `limits`, paths and names are loaded and run in a sandbox; what is
    given as a live Python object stays in this process.

    Raises:
        UnreadableError: there is nothing that could be judged; says why, in one line.
        SandboxError: there can be no sandbox here.
    """
    if isinstance(target, ModuleType):
        return of_module(target)
    if not isinstance(target, str | Path):
        return _from_object(target, contract, build)
    from reference.sandbox.opening import open_module

    path = Path(target)
    if not there(path) and isinstance(target, str) and _looks_importable(target):
        here = [*(folder for folder in sys.path if folder), str(Path.cwd())]
        if limits is not None:
            return open_module(target, here, limits)
        return of_module(import_by_name(target, here))
    return _of_source(read(path), limits)


def _of_source(source: Source, limits: Limits | None) -> Subject:
    from reference.sandbox.opening import open_text

    if limits is not None:
        subject = open_text(source, limits)
        subject.limited = True
    else:
        subject = of_loaded(source.path, source.sha256, load(source))
    subject.modules = source.modules
    subject.reload = lambda texts: _of_source(source.with_texts(texts), limits)
    return subject


def _looks_importable(name: str) -> bool:
    is_file = name.lower().endswith(CODE_SUFFIXES)
    return not is_file and all(part.isidentifier() for part in name.split("."))


def of_module(module: ModuleType) -> Subject:
    """The layers of a module that Python has imported, and of its submodules."""
    fingerprint, loaded = load_module(module)
    subject = of_loaded(module.__name__, fingerprint, loaded)
    subject.modules = _modules_of(loaded)
    return subject


def _modules_of(loaded: Loaded) -> tuple[Module, ...]:
    """The text of live objects, as far as it is known: every file by itself."""
    return tuple(Module(c.file, label, (c,)) for label, c in loaded.chunks.items())


def _from_object(value: Any, contract: str | None, build: Callable[..., Any] | None) -> Subject:
    if not isinstance(value, type | FunctionType):
        kind = type(value).__name__
        raise UnreadableError(
            f"an object of class {kind} is no path, module, class or function; for a layer, give "
            "its class"
        )
    name = value.__name__
    loaded = Loaded()
    definition = definition_of(value, loaded)
    loaded.definitions.append(definition)
    row: Contract | None = None
    if contract is not None:
        row = contract_named(contract)
        if row is None:
            raise UnreadableError(f"there is no contract named {contract!r}")
    text = ast.unparse(definition.node) if definition.node else name
    digest = hashlib.sha256(text.encode()).hexdigest()
    subject = of_loaded(name, digest, loaded, contract=row, build=build)
    subject.single = True
    subject.modules = _modules_of(loaded)
    return subject


def of_loaded(
    path: str,
    sha256: str,
    loaded: Loaded,
    *,
    contract: Contract | None = None,
    build: Callable[..., Any] | None = None,
    progress: Progress = lambda *_: None,
) -> Subject:
    """The layers among what was loaded; `progress` is told before each, as the loader tells it."""
    chunks = loaded.chunks
    tracer = Tracer(chunks, tuple(loaded.stars), loaded.skipped)
    rebuilder = Rebuilder(chunks, loaded.namespaces)
    candidates, unjudged = [], []
    pairs = {id(d): pair for pair in pairs_among(loaded.definitions) for d in pair.halves}
    done: set[int] = set()
    for definition in loaded.definitions:
        if definition.chunk is not None and definition.node is not None:
            progress(definition.chunk.label, definition.node.lineno)
        pair = pairs.get(id(definition)) if contract is None else None
        halves = (definition,) if pair is None else pair.halves
        if pair is not None and id(pair) in done:
            continue
        done.add(id(pair))
        reading = _Reading(tracer, pair, contract, build, partial(frameworks_of, halves, chunks))
        found = reading.of(halves)
        if isinstance(found, Candidate):
            candidates.append(reading.rebuildable(found, rebuilder))
        elif found is not None:
            unjudged.append(found)
    for broken in loaded.broken:
        if broken.like_a_layer:
            found = recognise_broken(broken)
            if isinstance(found, Candidate):
                alone = _Reading(tracer, None, None, None, tuple)
                candidates.append(alone.rebuildable(found, rebuilder))
            else:
                unjudged.append(found)
    there = {definition.name for definition in loaded.definitions}
    for name, is_function, where, why in loaded.unread:
        named = read_name(name, function=is_function)
        if named is not None and name not in there:
            unjudged.append(Unjudged(name, where, why, named.contract.name))
    if loaded.broken:  # they stand among the others, in source order
        candidates.sort(key=partial(_position, list(chunks)))
    return Subject(path, sha256, loaded.notes, candidates, unjudged)


@dataclass
class _Reading:
    """How definitions are read as a layer: one by itself, two as a pair of functions."""

    tracer: Tracer
    pair: Pair | None
    contract: Contract | None
    build: Callable[..., Any] | None
    frameworks: Callable[[], tuple[str, ...]]

    def of(self, definitions: Sequence[Definition]) -> Candidate | Unjudged | None:
        """The layer that they are."""
        if self.pair is not None:
            return recognise_pair(self.pair.of(definitions), self.tracer, self.frameworks)
        (one,) = definitions
        return recognise(one, self.tracer, self.contract, self.build, self.frameworks)

    def rebuildable(self, candidate: Candidate, rebuilder: Rebuilder) -> Candidate:
        """A layer that can be made from other text too, if its own is known."""
        if candidate.unimplemented or not candidate.places:
            return candidate
        again = replace(self, contract=candidate.contract)
        rebuild = partial(rebuilder.face, again.face, candidate.places)
        return replace(candidate, rebuild=rebuild)

    def face(self, definitions: Sequence[Definition]) -> Face:
        """The face of the layer that other definitions in these places are.

        Only how it is called is read again: an edit changes neither its name nor its libraries.
        """
        assert self.contract is not None, "it was recognised before"
        values = [definition.value for definition in definitions]
        try:
            dialect: Dialects
            if self.pair is not None:
                dialect = dialect_of_pair(self.contract, *values)
            else:
                dialect = dialect_of(self.contract, values[0], self.build)
        except UnknownDialectError as error:
            return BrokenFace(Raised(DEFINITION, "", str(error), unjudged=str(error)))
        return InProcessFace(self.contract, dialect, self.tracer, self._used)

    @cached_property
    def _used(self) -> tuple[str, ...]:
        return self.frameworks()


def _position(labels: list[str], candidate: Candidate) -> tuple[int, int]:
    """Where a candidate stands in its source; those without a place keep theirs."""
    if candidate.label not in labels or candidate.where is None:
        return 0, 0
    return labels.index(candidate.label), candidate.where.line
