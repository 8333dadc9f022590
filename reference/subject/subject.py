"""The subject: a path, module or class → the layers in it that can be judged."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from types import FunctionType, ModuleType
from typing import Any

from trigrad.contracts.registry import contract_named
from trigrad.contracts.schema import Contract
from trigrad.subject.broken import BrokenFace
from trigrad.subject.dialects import Dialects, UnknownDialectError, dialect_of, dialect_of_pair
from trigrad.subject.face import DEFINITION, Face, Raised
from trigrad.subject.inprocess import InProcessFace
from trigrad.subject.loading.frameworks import frameworks_of
from trigrad.subject.loading.live import definition_of, load_module
from trigrad.subject.loading.loaded import Definition
from trigrad.subject.loading.loader import Loaded
from trigrad.subject.loading.running import Progress
from trigrad.subject.loading.traces import Tracer
from trigrad.subject.pairing import Pair, pairs_among
from trigrad.subject.rebuilding import Rebuilder
from trigrad.subject.recognition import (
    Candidate,
    Unjudged,
    recognise,
    recognise_broken,
    recognise_pair,
)
from trigrad.subject.source.contract_names import read_name
from trigrad.subject.source.sources import (
    Module,
    UnreadableError,
)


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
    """Opens it again, in the same way, with other texts for the chunks of these labels: of a
    folder, the files that they concern. None where it was given as live Python objects."""
    parts: tuple[Subject, ...] = ()
    """The files of a folder, each as a subject of its own."""

    def part_with(self, candidate: Candidate) -> Subject:
        """The file of a folder in which a layer is, with all that it imports; else the whole."""
        return next((part for part in self.parts if candidate in part.candidates), self)

    def within_reach_of(self, candidate: Candidate) -> list[Candidate]:
        """The layers of a layer's own file and of those that it imports; without files, all."""
        part = self.part_with(candidate)
        if part is self:
            return self.candidates
        labels = {chunk.label for module in part.modules for chunk in module.chunks}
        return [near for near in self.candidates if near.label in labels]


def of_module(module: ModuleType) -> Subject:
    """The layers of a module that Python has imported, and of its submodules."""
    fingerprint, loaded = load_module(module)
    subject = of_loaded(module.__name__, fingerprint, loaded)
    subject.modules = _modules_of(loaded)
    return subject


def _modules_of(loaded: Loaded) -> tuple[Module, ...]:
    """The text of live objects, as far as it is known: every file by itself."""
    return tuple(Module(c.file, label, (c,)) for label, c in loaded.chunks.items())


def of_object(value: Any, contract: str | None, build: Callable[..., Any] | None) -> Subject:
    """The layer that a class or function is, given as such."""
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
    by_file: dict[str, list[Definition]] = {}
    for definition in loaded.definitions:
        by_file.setdefault(definition.chunk.file if definition.chunk else "", []).append(definition)
    pairs = {
        id(half): pair
        for definitions in by_file.values()
        for pair in pairs_among(definitions)
        for half in pair.halves
    }
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
