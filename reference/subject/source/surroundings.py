"""The text around a module: the files that use it, and what these import. It is never run.

It shows what a layer's own file may not: that an optimiser sets the gradients to zero, say.
"""

from __future__ import annotations

import os
import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from trigrad.subject.source.chunks import chunks_of
from trigrad.subject.source.gradient_steps import concerns_training
from trigrad.subject.source.reading_limits import bytes_of
from trigrad.subject.source.repository import (
    files_below,
    holds_several_projects,
    may_be_searched,
    repository_of,
)
from trigrad.subject.source.resolution import key_of, with_neighbours
from trigrad.subject.source.text import Chunk, Module, UnreadableError, one_line, reached

_SUFFIXES = (".py", ".ipynb")

_ADDS = re.compile(r"\+=|self\.([\w.]+) *= *self\.\1 *\+|\.at\(")
"""How a text adds to a gradient; without it, what is around does not matter."""

_PASS = re.compile(r"def \w*(back|bprop|bwd|grad)", re.I)
"""How a pass begins that may do so."""

_MOST = 300
"""The most files of a repository that are looked through for those that use a module."""

_USERS = 40
"""The most files that use it, directly before others: beyond, it is no longer one network."""

_LARGEST = 2_000_000
"""The most bytes of each of them: what is larger has pictures or data in it."""


def adds_to_something(chunks: Iterable[Chunk]) -> bool:
    """Whether a text may add to a stored gradient."""
    return any(_ADDS.search(chunk.text) and _PASS.search(chunk.text) for chunk in chunks)


def around_file(file: Path, modules: Sequence[Module]) -> tuple[Chunk, ...]:
    """The text around a file that is opened by itself; `modules` are it and what it imports."""
    if not adds_to_something(chunk for module in modules for chunk in module.chunks):
        return ()
    users = dict(_users(file))
    if not users:
        return ()
    near, _ = with_neighbours(file.parent, users)
    return around_module(key_of(file), near, modules)


def around_module(
    key: str, everything: Sequence[Module], near: Sequence[Module]
) -> tuple[Chunk, ...]:
    """The text of the modules that use the one with this key, and of what they import.

    Of a package, all its files belong together. `near` are those that are known already.
    """
    if not adds_to_something(chunk for module in near for chunk in module.chunks):
        return ()
    by_key = {module.key: module for module in everything}
    folder = Path(key).parent
    package = f"{folder / '__init__.py'}" in by_key or (folder / "__init__.py").is_file()
    found: dict[str, Module] = {}
    for module in everything:
        beside = package and Path(module.key).parent == folder
        within = reached(module, by_key)
        if beside or any(each.key == key for each in within):
            found |= {each.key: each for each in within}
    known = {module.key for module in near}
    others = (module for other, module in found.items() if other not in known)
    return tuple(c for module in others for c in module.chunks if concerns_training(c))


def _users(file: Path) -> Iterator[tuple[Path, Module]]:
    """The files of its repository that seem to import it, directly or not, and of its package."""
    root = repository_of(file.parent)
    files = [path for path in files_below(root)[0] if path.suffix in _SUFFIXES][:_MOST]
    if not may_be_searched(root) or holds_several_projects(root, files):
        files = [path for path in sorted(file.parent.iterdir()) if path.suffix in _SUFFIXES][:_MOST]
    package = (file.parent / "__init__.py").is_file()
    texts = {path.resolve(): text for path in files if (text := _text(path)) is not None}
    texts.pop(file, None)
    waiting, users = deque([file]), set[Path]()
    while waiting and len(users) < _USERS:
        used = waiting.popleft()
        name = used.parent.name if used.stem == "__init__" else used.stem
        imports = re.compile(rf"\b(import|from)\b[^\n]*\b{re.escape(name)}\b")
        for path, text in texts.items():
            beside = package and path.parent == file.parent
            if path not in users and (beside or imports.search(text)):
                users.add(path)
                waiting.append(path)
    for path in sorted(users):
        try:
            chunks = chunks_of(texts[path].encode(), path.suffix, _shown(path, file.parent))
        except UnreadableError:
            continue  # it is not what is judged, and shows nothing
        yield path, Module(path.stem, key_of(path), chunks, listed=False)


def _text(path: Path) -> str | None:
    """The text of a file, as far as it can be read; None if it cannot."""
    try:
        if path.stat().st_size > _LARGEST:
            return None
        return bytes_of(path, path.name).decode(errors="replace")
    except (OSError, UnreadableError):
        return None


def _shown(path: Path, folder: Path) -> str:
    return one_line(os.path.relpath(path, folder))
