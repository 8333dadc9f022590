"""The subject: a path, module or class → the layers in it that can be judged."""

from __future__ import annotations

import ast
import hashlib
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from reference.contract import Contract
from reference.contracts import contract_named
from reference.sandbox.limits import Limits
from reference.subject.frameworks import frameworks_of
from reference.subject.live import definition_of, import_by_name, load_module
from reference.subject.loader import Loaded, load
from reference.subject.names import read_name
from reference.subject.pairing import pairs_among
from reference.subject.recognition import (
    Candidate,
    Unjudged,
    recognise,
    recognise_broken,
    recognise_pair,
)
from reference.subject.running import Progress
from reference.subject.sources import CODE_SUFFIXES, UnreadableError, read, there
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
    from reference.sandbox.opening import open_module, open_text

    path = Path(target)
    if not there(path) and isinstance(target, str) and _looks_importable(target):
        here = [*(folder for folder in sys.path if folder), str(Path.cwd())]
        if limits is not None:
            return open_module(target, here, limits)
        return of_module(import_by_name(target, here))
    source = read(path)
    if limits is not None:
        return open_text(source, limits)
    return of_loaded(source.path, source.sha256, load(source))


def _looks_importable(name: str) -> bool:
    is_file = name.lower().endswith(CODE_SUFFIXES)
    return not is_file and all(part.isidentifier() for part in name.split("."))


def of_module(module: ModuleType) -> Subject:
    """The layers of a module that Python has imported, and of its submodules."""
    fingerprint, loaded = load_module(module)
    return of_loaded(module.__name__, fingerprint, loaded)


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
    tracer = Tracer(loaded.chunks, tuple(loaded.stars), loaded.skipped)
    candidates, unjudged = [], []
    pairs = {id(d): pair for pair in pairs_among(loaded.definitions) for d in pair.halves}
    done: set[int] = set()
    for definition in loaded.definitions:
        if definition.chunk is not None and definition.node is not None:
            progress(definition.chunk.label, definition.node.lineno)
        pair = pairs.get(id(definition)) if contract is None else None
        halves = (definition,) if pair is None else pair.halves
        frameworks = partial(frameworks_of, halves, loaded.chunks)
        if pair is None:
            found = recognise(definition, tracer, contract, build, frameworks)
        elif id(pair) in done:
            continue
        else:
            done.add(id(pair))
            found = recognise_pair(pair, tracer, frameworks)
        if isinstance(found, Candidate):
            candidates.append(found)
        elif found is not None:
            unjudged.append(found)
    for broken in loaded.broken:
        if broken.like_a_layer:
            found = recognise_broken(broken)
            if isinstance(found, Candidate):
                candidates.append(found)
            else:
                unjudged.append(found)
    there = {definition.name for definition in loaded.definitions}
    for name, is_function, where, why in loaded.unread:
        reading = read_name(name, function=is_function)
        if reading is not None and name not in there:
            unjudged.append(Unjudged(name, where, why, reading.contract.name))
    if loaded.broken:  # they stand among the others, in source order
        candidates.sort(key=partial(_position, list(loaded.chunks)))
    return Subject(path, sha256, loaded.notes, candidates, unjudged)


def _position(labels: list[str], candidate: Candidate) -> tuple[int, int]:
    """Where a candidate stands in its source; those without a place keep theirs."""
    if candidate.label not in labels or candidate.where is None:
        return 0, 0
    return labels.index(candidate.label), candidate.where.line
