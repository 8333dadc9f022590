"""The subject: the layers that were found in a path, module or class."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from types import FunctionType, ModuleType
from typing import Any

from trigrad.contracts.registry import contract_named
from trigrad.contracts.schema import Contract, Kind
from trigrad.messages import Message
from trigrad.subject.candidate import Candidate, Unjudged
from trigrad.subject.composing.networks import networks_of, partner
from trigrad.subject.declared import (
    NOT_DECLARED,
    Declarations,
    made_of_layers,
    names_used_in,
)
from trigrad.subject.derivatives import derivative_in
from trigrad.subject.engines import Engine, engines_among, face_of
from trigrad.subject.face import Face, Where
from trigrad.subject.leftovers import leftovers, with_todo
from trigrad.subject.loading.frameworks import frameworks_of
from trigrad.subject.loading.imported_objects import definition_of, load_module
from trigrad.subject.loading.loaded import Definition
from trigrad.subject.loading.loader import Loaded
from trigrad.subject.loading.statement_runner import Progress
from trigrad.subject.loading.traces import Tracer
from trigrad.subject.optimisers import recognise_optimiser
from trigrad.subject.pairing import pairs_among
from trigrad.subject.rebuilding import Rebuilder
from trigrad.subject.recogniser import Recogniser
from trigrad.subject.recognition import recognise_broken
from trigrad.subject.source.contract_names import match_name
from trigrad.subject.source.gradient_code import base_names
from trigrad.subject.source.sources import (
    Module,
    UnreadableError,
)
from trigrad.subject.to_guess import declaring, only_named, unknown_layers, unknown_network, unnamed


@dataclass
class Subject:
    """The implementation to judge."""

    path: str
    sha256: str
    notes: list[str]
    candidates: list[Candidate]
    unjudged: list[Unjudged]
    single: bool = False
    """Whether it is one class or function, passed as a Python object."""
    modules: tuple[Module, ...] = ()
    """Its text; () if that is unknown."""
    limited: bool = False
    """Whether a call that hangs is stopped."""
    only_cell: int | None = None
    """The cell of which the layers are judged; None: all are."""
    reload: Callable[[Mapping[str, str]], Subject] | None = None
    """Opens it again with other texts for chunks, by their labels; of a folder, only the files that
    use one of these chunks. None if it was passed as Python objects."""
    parts: tuple[Subject, ...] = ()
    """The files of a folder, each as a subject of its own."""

    def part_with(self, candidate: Candidate) -> Subject:
        """The file of a folder that contains a layer, as a subject; else the whole."""
        return next((part for part in self.parts if candidate in part.candidates), self)

    def within_reach_of(self, candidate: Candidate) -> list[Candidate]:
        """The layers of a layer's own file and of the files that it imports; without files, all."""
        part = self.part_with(candidate)
        if part is self:
            return self.candidates
        labels = {chunk.label for module in part.modules for chunk in module.chunks}
        return [near for near in self.candidates if near.label in labels]


def of_module(module: ModuleType, declarations: Declarations = NOT_DECLARED) -> Subject:
    """The subject of an imported module: its layers and those of its submodules."""
    fingerprint, loaded = load_module(module)
    subject = of_loaded(module.__name__, fingerprint, loaded, declarations=declarations)
    subject.modules = _modules_of(loaded)
    return subject


def _modules_of(loaded: Loaded) -> tuple[Module, ...]:
    """The text of imported objects, as far as it is known: every file is a module."""
    return tuple(Module(c.file, label, (c,)) for label, c in loaded.chunks.items())


def of_object(
    value: Any,
    contract: str | None,
    build: Callable[..., Any] | None,
    declarations: Declarations = NOT_DECLARED,
) -> Subject:
    """The subject of one class or function.

    `contract` is the name of the contract to use, `build` makes an object from its parameters.

    Raises:
        UnreadableError: it is no class or function, or there is no contract of that name.
    """
    if not isinstance(value, type | FunctionType):
        kind = type(value).__name__
        raise UnreadableError(str(Message("target.object", kind=kind)))
    name = value.__name__
    loaded = Loaded()
    definition = definition_of(value, loaded)
    loaded.definitions.append(definition)
    row: Contract | None = None
    if contract is not None:
        row = contract_named(contract)
        if row is None:
            raise UnreadableError(str(Message("contract.none", name=repr(contract))))
    text = ast.unparse(definition.node) if definition.node else name
    digest = hashlib.sha256(text.encode()).hexdigest()
    subject = of_loaded(name, digest, loaded, contract=row, build=build, declarations=declarations)
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
    declarations: Declarations = NOT_DECLARED,
    progress: Progress = lambda *_: None,
    layers_only: bool = False,
) -> Subject:
    """The subject made of loaded definitions; `progress` is called before each of them.

    With `layers_only`, gradient code that is not judged is not looked for.
    """
    chunks = loaded.chunks
    tracer = Tracer(chunks, tuple(loaded.stars), loaded.skipped, loaded.around)
    rebuilder = Rebuilder(chunks, loaded.namespaces)
    candidates: list[Candidate] = []
    unjudged: list[Unjudged] = []
    recognised: list[Definition] = []
    by_file: dict[str, list[Definition]] = {}
    for definition in loaded.definitions:
        by_file.setdefault(definition.chunk.file if definition.chunk else "", []).append(definition)
    pairs = {
        id(half): pair
        for definitions in by_file.values()
        for pair in pairs_among(definitions)
        for half in pair.halves
    }
    functions = {
        file: {d.name: d for d in definitions if not isinstance(d.value, type)}
        for file, definitions in by_file.items()
    }
    networks = networks_of(loaded)
    in_network = networks.halves()
    bases = {name for d in loaded.definitions if d.node for name in base_names(d.node)}
    done: set[int] = set()
    engines = _engines(by_file.values()) if contract is None else {}
    through = {id(d) for engine in engines.values() for d in engine.beside}
    recognised += [d for engine in engines.values() for d in engine.beside]
    for definition in loaded.definitions:
        if definition.chunk is not None and definition.node is not None:
            progress(definition.chunk.label, definition.node.lineno)
        if id(definition) in engines:
            of = engines[id(definition)]
            candidates.append(_engine(of, tracer, rebuilder))
            recognised.append(definition)
            continue
        if id(definition) in through and not declarations.text_for((definition,)):
            continue
        moves = None
        if not declarations.text_for((definition,)):
            moves = recognise_optimiser(definition, tracer, rebuilder, contract)
        if moves is not None:
            if isinstance(moves, Candidate):
                candidates.append(moves)
            else:
                unjudged.append(moves)
            recognised.append(definition)
            continue
        pair = pairs.get(id(definition)) if contract is None else None
        pair = None if id(definition) in in_network else pair
        halves = [definition] if pair is None else pair.halves
        if id(definition) in done or (pair is not None and id(pair) in done):
            continue
        done.add(id(pair))
        beside = functions[definition.chunk.file if definition.chunk else ""]
        network = networks.ending_in(definition) if contract is None else None
        if definition.name in bases or made_of_layers(definition):
            network = None  # it is judged with what is made of it, or has both passes by itself
        if network is not None and not declarations.text_for((definition,)):
            text = declarations.text_for(network.halves)  # it may stand above another function
            if text and partner(text, beside) is definition and network.halves[0] is not definition:
                continue
        stem = pair.stem if pair is not None else ""
        declaration = declarations.text_for(halves, stem) if contract is None else ""
        called = names_used_in(declaration) if declaration else frozenset()
        backward = partner(declaration, beside) if declaration and pair is None else None
        if backward is not None and backward is not definition:
            halves = [definition, backward]
            done.add(id(backward))
        # What a declaration calls is run with it, as what a definition calls is.
        recognised += [each for name, each in beside.items() if name in called]
        recogniser = Recogniser(
            *(tracer, pair, contract, build, partial(frameworks_of, halves, chunks)),
            declaration=declaration,
            declarations=declarations,
        )
        derivative = derivative_in(definition, beside) if contract is None and not pair else None
        derivative = None if declaration else derivative
        found: Candidate | Unjudged | None = None
        if network is not None and not declaration:
            if isinstance(definition.value, type):
                found = recogniser.recognise(halves)
            to_judge = unknown_network(network, declarations, recogniser, rebuilder, loaded)
            if to_judge is not None and not isinstance(found, Candidate):
                candidates.append(to_judge)
                recognised += [*network.halves, *network.others]
                continue
        found = recogniser.recognise(halves)
        if found is not None:
            recognised += halves
        guess = declarations.guess and definition.name not in bases
        # What a user declares is not guessed in its place, also where it cannot be understood.
        may_be_guessed = pair is not None or isinstance(definition.value, type)
        may_be_guessed = may_be_guessed and not declaration
        if guess and (found is None or (isinstance(found, Unjudged) and may_be_guessed)):
            to_guess = unknown_layers(halves, found, recogniser, rebuilder, loaded)
            if to_guess:
                *others, found = to_guess
                candidates += others
                recognised += halves
        if isinstance(found, Candidate):
            if not layers_only and (found.version or found.contract.kind is Kind.NETWORK):
                as_it_is = Unjudged(found.name, found.where, "")
                found = replace(found, todo=with_todo(as_it_is, halves[0], loaded).todo)
            if found.completes:
                found = replace(found, declare=declaring(halves, recogniser, rebuilder))
            if guess and may_be_guessed and only_named(found):
                found = replace(
                    found, unnamed=partial(unnamed, halves, found, recogniser, rebuilder, loaded)
                )
            candidates.append(recogniser.rebuildable(found, rebuilder))
        elif found is not None:
            unjudged.append(found if declaration else with_todo(found, halves[0], loaded))
        if derivative is not None and (found is None or derivative.flag):
            as_one = replace(recogniser, derivative=derivative)
            other = as_one.recognise(halves)
            recognised += halves
            if isinstance(other, Candidate):
                candidates.append(as_one.rebuildable(other, rebuilder))
            elif other is not None:
                unjudged.append(with_todo(other, definition, loaded))
    for broken in loaded.broken:
        if broken.like_a_layer:
            found = recognise_broken(broken)
            if isinstance(found, Candidate):
                recogniser = Recogniser(tracer, None, None, None, tuple)
                candidates.append(recogniser.rebuildable(found, rebuilder))
            else:
                unjudged.append(found)
    there = {definition.name for definition in loaded.definitions}
    for name, is_function, where, why in loaded.unread:
        named = match_name(name, function=is_function)
        if named is not None and name not in there:
            unjudged.append(Unjudged(name, where, why, named.contract.name))
    if not layers_only:
        unjudged += leftovers(loaded, recognised)
    files = [chunk.file for chunk in chunks.values()]
    unjudged.sort(key=lambda each: _in_source(files, each.where))
    if loaded.broken:  # put them among the others, in source order
        candidates.sort(key=partial(_position, list(chunks)))
    return Subject(path, sha256, loaded.notes, candidates, unjudged)


def _engines(files: Iterable[Sequence[Definition]]) -> dict[int, Engine]:
    """The engines of each file, by their definitions."""
    return {id(e.definition): e for definitions in files for e in engines_among(definitions)}


def _engine(engine: Engine, tracer: Tracer, rebuilder: Rebuilder) -> Candidate:
    """An engine, with a function that builds it from edited text if its own text is known."""
    found = engine.candidate(tracer)
    if not found.places:
        return found

    def recognise(definitions: Sequence[Definition]) -> Face:
        return face_of(definitions[0], engine.backward, tracer)

    return replace(found, rebuild=partial(rebuilder.face, recognise, found.places))


def _in_source(files: list[str], where: Where | None) -> tuple[int, int, int]:
    """A place, to sort by; what has none comes first."""
    if where is None or where.file not in files:
        return 0, 0, 0
    return files.index(where.file), where.cell or 0, where.line


def _position(labels: list[str], candidate: Candidate) -> tuple[int, int]:
    """The place of a candidate in its source, to sort by; candidates without one come first."""
    if candidate.label not in labels or candidate.where is None:
        return 0, 0
    return labels.index(candidate.label), candidate.where.line
