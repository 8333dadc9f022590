"""Open a subject: find its layers, given a path, a name, or a module, class or function.

The files of a folder are opened one by one, each with the modules that it imports, so that what one
file does, or lacks, changes nothing in another.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from trigrad.messages import Message
from trigrad.sandbox.limits import Limits
from trigrad.sandbox.sandboxed_subject import open_module, open_text
from trigrad.subject.candidate import Unjudged
from trigrad.subject.declared import NOT_DECLARED, Declarations
from trigrad.subject.loading.imported_objects import import_by_name
from trigrad.subject.loading.loader import layers_named_in, load, names_gradient_code
from trigrad.subject.source.sources import (
    CODE_SUFFIXES,
    Source,
    UnreadableError,
    by_file,
    read,
    there,
)
from trigrad.subject.subject import Subject, of_loaded, of_module, of_object

SHOWN = 3
"""The most files that a note names."""


def open_subject(
    target: str | Path | Source | ModuleType | type | FunctionType,
    *,
    contract: str | None = None,
    build: Callable[..., Any] | None = None,
    limits: Limits | None = None,
    declarations: Declarations = NOT_DECLARED,
) -> Subject:
    """Load a subject: a path, an importable name, a text, a module, class or function.

    `contract` is the name of the contract by which a class is judged; `build` makes an object of it
    from the contract's parameters. Both are for a class or function only. `declarations` say what
    layers take for which there is no contract. With `limits`, paths and
    names are loaded and run in a sandbox. A Python object is always run in this process.

    Raises:
        UnreadableError: nothing can be judged; the message says in one line why.
        SandboxError: no sandbox is possible on this system.
    """
    if isinstance(target, str) and not target.strip():
        raise UnreadableError(str(Message("path.empty")))
    if isinstance(target, Source):
        return _of_source(target, limits, declarations)
    if isinstance(target, ModuleType):
        return of_module(target, declarations)
    if not isinstance(target, str | Path):
        return of_object(target, contract, build, declarations)
    path = Path(target)
    if not there(path) and isinstance(target, str) and _looks_importable(target):
        here = [*(folder for folder in sys.path if folder), str(Path.cwd())]
        if limits is not None:
            return open_module(target, here, limits, declarations)
        return of_module(import_by_name(target, here), declarations)
    return _of_source(read(path), limits, declarations)


def _of_source(source: Source, limits: Limits | None, declarations: Declarations) -> Subject:
    parts = by_file(source)
    if len(parts) == 1 and not source.unread:
        return _of_file(source, limits, declarations)
    return _of_folder(source, parts, limits, declarations)


def _of_folder(
    source: Source, parts: Sequence[Source], limits: Limits | None, declarations: Declarations
) -> Subject:
    """The layers of several files; a file that cannot be read is listed as not judged."""
    subjects: dict[str, Subject] = {}
    unjudged = [Unjudged(file, None, why, whole=True) for file, why in source.unread]
    for part in parts:
        chunk = part.modules[0].chunks[0]
        try:
            subjects[chunk.file] = _of_file(part, limits, declarations)
        except UnreadableError as error:
            layer = next((found.layer for found in layers_named_in(chunk)), "")
            counts = bool(layer) or names_gradient_code(chunk)
            unjudged.append(Unjudged(chunk.file, None, str(error), layer, counts=counts))
    for file, subject in subjects.items():
        # What cannot be judged in an imported file is listed when that file itself is opened.
        unjudged += [u for u in subject.unjudged if u.where is None or u.where.file == file]
    return Subject(
        source.path,
        source.sha256,
        [*source.notes, *_notes(subjects)],
        [candidate for subject in subjects.values() for candidate in subject.candidates],
        unjudged,
        modules=source.modules,
        limited=limits is not None,
        reload=lambda texts: _changed(source, texts, limits, declarations),
        parts=tuple(subjects.values()),
    )


def _changed(
    source: Source, texts: Mapping[str, str], limits: Limits | None, declarations: Declarations
) -> Subject:
    """The files of a folder that use one of these chunks, opened again with the new texts."""
    changed = replace(source.with_texts(texts), unread=())
    concerned = [
        part
        for part in by_file(changed)
        if any(chunk.label in texts for module in part.modules for chunk in module.chunks)
    ]
    return _of_folder(changed, concerned, limits, declarations)


def _notes(subjects: Mapping[str, Subject]) -> list[str]:
    """The notes of all files, each once, with the files that have it unless all do."""
    files: dict[str, list[str]] = {}
    for file, subject in subjects.items():
        for note in subject.notes:
            files.setdefault(note, []).append(file)
    return [
        note if len(those) == len(subjects) else f"{note} ({_listed(those)})"
        for note, those in files.items()
    ]


def _listed(files: Sequence[str]) -> str:
    names, more = ", ".join(files[:SHOWN]), len(files) - SHOWN
    return str(Message("found.more", names=names, count=more)) if more > 0 else names


def _of_file(source: Source, limits: Limits | None, declarations: Declarations) -> Subject:
    if limits is not None:
        subject = open_text(source, limits, declarations)
        subject.limited = True
    else:
        subject = of_loaded(source.path, source.sha256, load(source), declarations=declarations)
    subject.modules = source.modules
    subject.only_cell = source.only_cell
    subject.reload = lambda texts: _of_file(source.with_texts(texts), limits, declarations)
    return subject


def _looks_importable(name: str) -> bool:
    is_file = name.lower().endswith(CODE_SUFFIXES)
    return not is_file and all(part.isidentifier() for part in name.split("."))
