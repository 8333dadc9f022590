"""How far a learner's repository goes, and what lies in it.

Everything here is bounded: nobody's home directory is searched for a `common/functions.py`, and
a folder of a million pictures is left after a while.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path

_LEVELS = 5
"""Folders above a file in which its imports are looked for."""

_ENTRIES = 20_000
"""Files and folders of a repository that are looked at, at most."""

_DEPTH = 8
"""Folders below a repository's root into which it is searched."""

_SKIPPED_FOLDERS = {"__pycache__", "node_modules", "site-packages", "venv", "env", "build", "dist"}

_ROOT = (".git", "pyproject.toml", "setup.py", "setup.cfg")
_WHOLE = re.compile(r"(readme|licen[cs]e)(\.\w+)?|requirements.*\.txt|\.gitignore", re.I)
"""Files that lie at the top of a repository, or of a part of one."""
_PART = re.compile(
    r"(ch|chap|chapter|lesson|week|day|section|part|assignment)?[-_. ]?\d+"
    r"|(src|code|codes|notebooks?|scripts?|examples?|samples?|exercises?)",
    re.I,
)
"""Names of folders that are part of something."""
_SHARED = re.compile(
    r"(ch|chap|chapter|lesson|week|day|section|part|assignment)[-_. ]?\d+|\d{1,2}"
    r"|(src|code|codes|notebooks?|scripts?|examples?|samples?|exercises?|libs?|common|utils?|tests?)",
    re.I,
)
"""Names of folders that belong to the project which they lie in: no person is called that."""


def is_skipped(parts: tuple[str, ...]) -> bool:
    """Whether a path leads into what is hidden, built or installed."""
    return any(part in _SKIPPED_FOLDERS or part.startswith(".") for part in parts)


def repository_of(folder: Path) -> Path:
    """The outermost folder that belongs to what a folder is part of; itself, if that is nothing.

    A root is one that says so (`.git`, `pyproject.toml`). Without one it is the outermost with a
    README or the like; and `ch05` or `src` is part of what it lies in.
    """
    found = folder
    for inner, outer in zip(
        (folder, *folder.parents), list(folder.parents)[:_LEVELS], strict=False
    ):
        if _is_root(inner):
            return inner
        if _is_common_ground(outer):
            break
        is_part = (inner / "__init__.py").is_file() or _PART.fullmatch(inner.name)
        if _is_root(outer) or _has_readme(outer) or (is_part and found == inner):
            found = outer
    return found


def folders_above(folder: Path) -> Iterator[Path]:
    """A folder's ancestors, as far as a root, a few levels, or what is everybody's."""
    for inner, outer in zip(
        (folder, *folder.parents), list(folder.parents)[:_LEVELS], strict=False
    ):
        if _is_root(inner) or _is_common_ground(outer):
            return
        yield outer


def may_be_searched(folder: Path) -> bool:
    """Whether all that is below a folder may belong together."""
    return _is_root(folder) or not _is_common_ground(folder)


def is_marked(folder: Path) -> bool:
    """Whether a folder says that all in it belongs together: a repository's root, a README."""
    return _is_root(folder) or _has_readme(folder)


def is_shared(parts: Iterable[str]) -> bool:
    """Whether a path leads only through folders that belong to what they lie in (`src`, `ch04`)."""
    return all(_SHARED.fullmatch(part) for part in parts)


def holds_several(folder: Path, files: Iterable[Path]) -> bool:
    """Whether a folder holds works of the same kind, as those of several students.

    It does if two of its folders have a file of the same name in the same place.
    """
    seen: dict[tuple[str, ...], str] = {}
    for file in files:
        if file.name != "__init__.py" and file != folder and file.is_relative_to(folder):
            top, *inside = file.relative_to(folder).parts
            if inside and not is_shared([top]) and seen.setdefault(tuple(inside), top) != top:
                return True
    return False


def python_files(root: Path) -> tuple[list[Path], bool]:
    """The `.py` files below a folder, the outer ones first; whether the bounds allowed all."""
    files, complete = files_below(root)
    return [file for file in files if file.name.endswith(".py")], complete


def files_below(root: Path) -> tuple[list[Path], bool]:
    """The files below a folder, the outer ones first; whether the bounds allowed all."""
    files: list[Path] = []
    complete = True
    entries = _ENTRIES
    waiting = deque([(root, 0)])
    while waiting:
        folder, deep = waiting.popleft()
        try:
            with os.scandir(folder) as listing:
                found = sorted(listing, key=lambda entry: entry.name)
        except OSError:
            continue  # a folder that may not be looked into holds nothing for us
        for entry in found:
            entries -= 1
            if entries < 0:
                return files, False
            if entry.is_dir(follow_symlinks=False):
                if not is_skipped((entry.name,)):
                    complete = complete and deep < _DEPTH
                    waiting += [(Path(entry.path), deep + 1)] if deep < _DEPTH else []
            elif entry.is_file():
                files.append(Path(entry.path))
    return files, complete


def _is_root(folder: Path) -> bool:
    return any((folder / name).exists() for name in _ROOT)


def _has_readme(folder: Path) -> bool:
    try:
        return any(_WHOLE.fullmatch(entry.name) for entry in folder.iterdir())
    except OSError:
        return False


def _is_common_ground(folder: Path) -> bool:
    """Whether a folder is no one's project: the file system's root, a home, the temporary one."""
    home = Path.home()
    return folder in (Path(folder.anchor), home, home.parent, Path(tempfile.gettempdir()).resolve())
