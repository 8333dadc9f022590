"""The subject: a path, module or class → the layers in it that can be judged."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from reference.contract import Contract
from reference.contracts import contract_named
from reference.subject.live import definition_of, import_by_name, load_module
from reference.subject.loader import Loaded, load
from reference.subject.pairing import pairs_among
from reference.subject.recognition import Candidate, Unjudged, recognise, recognise_pair
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
) -> Subject:
    """Load whatever a user points at: a path, an importable name, a module, class or function.

    `contract` names the row that a class is to be judged by, `build` makes its object from the
    row's parameters.

    Raises:
        UnreadableError: there is nothing that could be judged; says why, in one line.
    """
    if isinstance(target, ModuleType):
        return _of_module(target)
    if not isinstance(target, str | Path):
        return _from_object(target, contract, build)
    path = Path(target)
    if not there(path) and isinstance(target, str) and _looks_importable(target):
        return _of_module(import_by_name(target))
    source = read(path)
    loaded = load(source)
    return _recognised(source.path, source.sha256, loaded)


def _looks_importable(name: str) -> bool:
    is_file = name.lower().endswith(CODE_SUFFIXES)
    return not is_file and all(part.isidentifier() for part in name.split("."))


def _of_module(module: ModuleType) -> Subject:
    fingerprint, loaded = load_module(module)
    return _recognised(module.__name__, fingerprint, loaded)


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
    subject = _recognised(name, digest, loaded, row, build)
    subject.single = True
    return subject


def _recognised(
    path: str,
    sha256: str,
    loaded: Loaded,
    contract: Contract | None = None,
    build: Callable[..., Any] | None = None,
) -> Subject:
    tracer = Tracer(loaded.chunks, tuple(loaded.stars), loaded.skipped)
    candidates, unjudged = [], []
    pairs = {id(d): pair for pair in pairs_among(loaded.definitions) for d in pair.halves}
    done: set[int] = set()
    for definition in loaded.definitions:
        pair = pairs.get(id(definition)) if contract is None else None
        if pair is None:
            found = recognise(definition, tracer, contract, build)
        elif id(pair) in done:
            continue
        else:
            done.add(id(pair))
            found = recognise_pair(pair, tracer)
        if isinstance(found, Candidate):
            candidates.append(found)
        elif found is not None:
            unjudged.append(found)
    return Subject(path, sha256, loaded.notes, candidates, unjudged)
