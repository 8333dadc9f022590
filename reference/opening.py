"""Open a subject: find its layers, given a path, a name, or a module, class or function."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from trigrad.sandbox.limits import Limits
from trigrad.sandbox.sandboxed_subject import open_module, open_text
from trigrad.subject.loading.imported_objects import import_by_name
from trigrad.subject.loading.loader import load
from trigrad.subject.source.sources import CODE_SUFFIXES, Source, read, there
from trigrad.subject.subject import Subject, of_loaded, of_module, of_object


def open_subject(
    target: str | Path | ModuleType | type | FunctionType,
    *,
    contract: str | None = None,
    build: Callable[..., Any] | None = None,
    limits: Limits | None = None,
) -> Subject:
    """Load a subject: a path, an importable name, a module, class or function.

    `contract` is the name of the contract by which a class is judged; `build` makes an object of it
    from the contract's parameters. With `limits`, paths and names are loaded and run in a sandbox.
    A Python object is always run in this process.

    Raises:
        UnreadableError: nothing can be judged; the message says in one line why.
        SandboxError: no sandbox is possible on this system.
    """
    if isinstance(target, ModuleType):
        return of_module(target)
    if not isinstance(target, str | Path):
        return of_object(target, contract, build)
    path = Path(target)
    if not there(path) and isinstance(target, str) and _looks_importable(target):
        here = [*(folder for folder in sys.path if folder), str(Path.cwd())]
        if limits is not None:
            return open_module(target, here, limits)
        return of_module(import_by_name(target, here))
    return _of_source(read(path), limits)


def _of_source(source: Source, limits: Limits | None) -> Subject:
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
