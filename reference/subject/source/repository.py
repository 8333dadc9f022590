"""Find the root of a learner's repository, and the Python files in it.

Every search is limited: a home directory is never searched, and neither is all of a folder with a
million pictures.
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
"""The most files and folders of a repository that are looked at."""

_DEPTH = 8
"""How deep below its root a repository is searched."""

_SKIPPED_FOLDERS = {"__pycache__", "node_modules", "site-packages", "venv", "env", "build", "dist"}

_ROOT = (".git", "pyproject.toml", "setup.py", "setup.cfg")
_TOP_FILES = re.compile(r"(readme|licen[cs]e)(\.\w+)?|requirements.*\.txt|\.gitignore", re.I)
"""Files that usually lie at the top of a repository."""
_SUBFOLDER = re.compile(
    r"(ch|chap|chapter|lesson|week|day|section|part|assignment)?[-_. ]?\d+"
    r"|(src|code|codes|notebooks?|scripts?|examples?|samples?|exercises?)",
    re.I,
)
"""Names of folders that usually are a part of something larger."""
_OF_A_PROJECT = re.compile(
    r"(ch|chap|chapter|lesson|week|day|section|part|assignment)[-_. ]?\d+|\d{1,2}"
    r"|(src|code|codes|notebooks?|scripts?|examples?|samples?|exercises?|libs?|common|utils?|tests?)",
    re.I,
)
"""Names of folders that belong to the project around them, since no student has such a name."""


def is_skipped(parts: tuple[str, ...]) -> bool:
    """Whether a path leads through a folder that is hidden, built or installed."""
    return any(part in _SKIPPED_FOLDERS or part.startswith(".") for part in parts)


def repository_of(folder: Path) -> Path:
    """The root of the repository that a folder belongs to; the folder itself if there is none.

    A folder with `.git`, `pyproject.toml` or the like is a root. Without such a folder it is the
    outermost one that has a README or the like; a folder named `ch05` or `src`, or a package,
    belongs to the folder around it.
    """
    found = folder
    for inner, outer in zip(
        (folder, *folder.parents), list(folder.parents)[:_LEVELS], strict=False
    ):
        if _is_root(inner):
            return inner
        if _is_shared_folder(outer):
            break
        is_part = (inner / "__init__.py").is_file() or _SUBFOLDER.fullmatch(inner.name)
        if _is_root(outer) or _has_readme(outer) or (is_part and found == inner):
            found = outer
    return found


def folders_above(folder: Path) -> Iterator[Path]:
    """A folder's ancestors up to a root, at most a few levels, and no shared folder."""
    for inner, outer in zip(
        (folder, *folder.parents), list(folder.parents)[:_LEVELS], strict=False
    ):
        if _is_root(inner) or _is_shared_folder(outer):
            return
        yield outer


def may_be_searched(folder: Path) -> bool:
    """Whether everything below a folder may be searched."""
    return _is_root(folder) or not _is_shared_folder(folder)


def is_marked(folder: Path) -> bool:
    """Whether a folder is marked as one project, by a repository's root files or a README."""
    return _is_root(folder) or _has_readme(folder)


def is_within_project(parts: Iterable[str]) -> bool:
    """Whether all folders of a path belong to the project around them (`src`, `ch04`)."""
    return all(_OF_A_PROJECT.fullmatch(part) for part in parts)


def holds_several_projects(folder: Path, files: Iterable[Path]) -> bool:
    """Whether a folder contains several projects of one kind, such as those of several students.

    That is so if two of its folders have a file at the same relative path.
    """
    seen: dict[tuple[str, ...], str] = {}
    for file in files:
        if file.name != "__init__.py" and file != folder and file.is_relative_to(folder):
            top, *inside = file.relative_to(folder).parts
            if (
                inside
                and not is_within_project([top])
                and seen.setdefault(tuple(inside), top) != top
            ):
                return True
    return False


def python_files(root: Path) -> tuple[list[Path], bool]:
    """The `.py` files below a folder, the outer ones first; and whether these are all of them."""
    files, complete = files_below(root)
    return [file for file in files if file.name.endswith(".py")], complete


def files_below(root: Path) -> tuple[list[Path], bool]:
    """The files below a folder, the outer ones first; and whether these are all of them."""
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
            continue  # a folder without read permission is skipped
        for entry in found:
            entries -= 1
            if entries < 0:
                return files, False
            if entry.is_dir(follow_symlinks=False):
                if not is_skipped((entry.name,)):
                    complete = complete and deep < _DEPTH
                    waiting += [(Path(entry.path), deep + 1)] if deep < _DEPTH else []
            elif _is_file(entry):
                files.append(Path(entry.path))
    return files, complete


def _is_file(entry: os.DirEntry[str]) -> bool:
    """Whether it is a file, or a link in a circle, of which reading it says why it is none."""
    try:
        return entry.is_file()
    except OSError:
        return True


def _is_root(folder: Path) -> bool:
    return any((folder / name).exists() for name in _ROOT)


def _has_readme(folder: Path) -> bool:
    try:
        return any(_TOP_FILES.fullmatch(entry.name) for entry in folder.iterdir())
    except OSError:
        return False


def _is_shared_folder(folder: Path) -> bool:
    """Whether a folder is no project: the file system's root, a home or the temporary folder."""
    home = Path.home()
    return folder in (Path(folder.anchor), home, home.parent, Path(tempfile.gettempdir()).resolve())
