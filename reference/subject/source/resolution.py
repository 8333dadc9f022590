"""Find the files of the modules that a learner's text imports. Nothing is run or imported.

A name is looked for beside the importing file, then in the folders above it up to the root of the
repository, then anywhere in the repository, as a path that ends like the name. A folder that may
belong to another person is never searched.
"""

from __future__ import annotations

import os
from collections import deque
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from trigrad.messages import Message
from trigrad.subject.source.chunks import chunks_of
from trigrad.subject.source.imports import imported
from trigrad.subject.source.libraries import is_library, is_standard, is_third_party
from trigrad.subject.source.reading_limits import bytes_of
from trigrad.subject.source.repository import (
    folders_above,
    holds_several_projects,
    is_marked,
    is_within_project,
    may_be_searched,
    python_files,
    repository_of,
)
from trigrad.subject.source.text import NAMESPACE, Module, UnreadableError, one_line

_NEIGHBOURS = 500
"""The most imported modules that are read for one subject."""


def key_of(path: Path) -> str:
    """A path as a string that is valid Unicode."""
    return one_line(str(path))


def with_neighbours(
    root: Path, listed: dict[Path, Module]
) -> tuple[tuple[Module, ...], tuple[str, ...]]:
    """The listed modules and all modules that they import, directly or not; and notes.

    Every module that is returned has its `imports` filled in. `root` is the subject's folder, to
    which the names in the notes are relative. The notes tell which modules were found elsewhere in
    the repository, and which cannot be read.
    """
    resolver = _Resolver(root, listed)
    modules: list[Module] = []
    waiting = deque(listed)
    while waiting:
        file = waiting.popleft()
        module = resolver.known[file]
        if module is None:
            continue
        imports, found = resolver.resolve(file, module)
        modules.append(replace(module, imports=imports))
        waiting.extend(found)
    return tuple(modules), tuple(resolver.notes)


class _Resolver:
    def __init__(self, root: Path, listed: dict[Path, Module]) -> None:
        self._root = root
        self.known: dict[Path, Module | None] = dict(listed)
        self._listed = len(listed)
        self.notes: dict[str, None] = {}
        self._several: dict[Path, bool] = {}
        self._refused: set[str] = set()

    def resolve(self, file: Path, module: Module) -> tuple[dict[str, str], list[Path]]:
        """The keys of the modules that a module imports, and those of their files that are new."""
        names, folders = imported(module.chunks)
        bases = self._bases(file.parent, folders)
        imports: dict[str, str] = {}
        places: dict[str, Path] = {}
        new = []
        for name in names:
            place = self._place(name, file, bases, places)
            if place is None:
                continue
            places[name] = place
            if place.is_dir():
                imports[name] = NAMESPACE + key_of(place)
            elif (added := self._read(place)) is not None:
                imports[name] = key_of(place)
                new += [place] if added else []
        return imports, new

    def _place(
        self, name: str, file: Path, bases: list[Path], places: dict[str, Path]
    ) -> Path | None:
        """The file or folder of a dotted name; `places` has those of the names before it."""
        bare = name.lstrip(".")
        level = len(name) - len(bare)
        parts = bare.split(".") if bare else []
        if level:
            above = [file.parent, *file.parent.parents]
            return _below(above[level - 1], parts) if level <= len(above) else None
        if is_library(name) and not is_standard(name):
            return None
        package = places.get(name.rpartition(".")[0])
        if package is not None:
            folder = package.parent if package.name == "__init__.py" else package
            if (inside := _below(folder, parts[-1:])) is not None:
                return inside
        for base in bases:
            if (found := _below(base, parts)) is not None:
                return found
        # A file beside the importing one may have the name of a standard module (`code.layers`).
        # Elsewhere in the repository, files with the names of libraries are not looked for.
        if is_library(name) or is_third_party(name):
            return None
        return self._by_suffix(name, parts, file)

    def _bases(self, folder: Path, added: dict[str, None]) -> list[Path]:
        """The folders in which absolute names are looked for, in order."""
        own = [(folder / name).resolve() for name in added if not Path(name).is_absolute()]
        inside = [path for path in own if path.is_relative_to(self.repository)]
        return list(dict.fromkeys([folder, *inside, *folders_above(folder), self._root]))

    @cached_property
    def repository(self) -> Path:
        """The root folder of the subject's repository."""
        return repository_of(self._root)

    @cached_property
    def _files(self) -> dict[str, list[Path]]:
        """The Python files of the repository by name, and the folders of packages by theirs."""
        found: dict[str, list[Path]] = {}
        if not may_be_searched(self.repository):
            return found
        for file in python_files(self.repository)[0]:
            found.setdefault(file.stem, []).append(file)
            package = file if file.name == "__init__.py" else file.parent
            same = found.setdefault(file.parent.name, [])
            if package not in same:
                same.append(package)
        return found

    def _by_suffix(self, name: str, parts: list[str], file: Path) -> Path | None:
        """The nearest path in the repository that ends like the name; None if it is not unique."""
        wanted = tuple(parts)
        ends = [
            place
            for place in self._files.get(parts[-1], ())
            if place != file and _ends(place)[-len(parts) :] == wanted and place.exists()
        ]
        if any(place.is_file() for place in ends):
            ends = [place for place in ends if place.is_file()]
        foreign = [place for place in ends if self._may_be_foreign(place, len(parts), file)]
        ends = [place for place in ends if place not in foreign]
        if foreign and foreign[0].is_file() and not ends:
            if name.rpartition(".")[0] not in self._refused:  # one note for a whole package
                shown = self._shown(_whole(foreign[0]))
                self._note(str(Message("import.foreign", name=name, shown=shown)))
            self._refused.add(name)
        distances = [_distance(file.parent, place) for place in ends]
        nearest = [p for p, d in zip(ends, distances, strict=True) if d == min(distances)]
        if len(nearest) == 1:
            place = nearest[0]
            shown = self._shown(_whole(place))
            self._note(str(Message("import.taken", name=name, shown=shown)))
            return place.resolve()
        if nearest and nearest[0].is_file():  # for folders, their modules get notes of their own
            places = tuple(self._shown(place) for place in nearest[:2])
            self._note(str(Message("import.several", name=name, shown=places)))
        return None

    def _may_be_foreign(self, place: Path, length: int, file: Path) -> bool:
        """Whether a file or package may belong to another person than the importing file.

        `length` is how many of the last parts of its path the import names.
        """
        common = Path(os.path.commonpath([file.parent, place]))
        import_root = _whole(place).parents[length - 1]
        if not import_root.is_relative_to(common):
            return False  # the import names the folder that contains the importing file
        between = import_root.relative_to(common).parts
        if is_within_project(between):
            return False
        if common != file.parent and not any(map(is_marked, self._within_repository(common))):
            return True
        return self._holds_several(common)

    def _within_repository(self, folder: Path) -> list[Path]:
        """A folder and the folders above it, up to the root of the repository."""
        all_above = [folder, *folder.parents]
        return [one for one in all_above if one.is_relative_to(self.repository)]

    def _holds_several(self, folder: Path) -> bool:
        if folder not in self._several:
            found = (path for paths in self._files.values() for path in paths)
            files = [path for path in found if path.suffix == ".py"]
            self._several[folder] = holds_several_projects(folder, files)
        return self._several[folder]

    def _note(self, words: str) -> None:
        self.notes[one_line(words)] = None

    def _read(self, file: Path) -> bool | None:
        """Read a module: True if it is new, False if it was known, None if it cannot be read."""
        if file in self.known:
            return None if self.known[file] is None else False
        self.known[file] = None
        shown = one_line(self._shown(file))
        try:
            if len(self.known) - self._listed > _NEIGHBOURS:
                raise UnreadableError(
                    str(Message("import.many", file=str(shown), most=_NEIGHBOURS))
                )
            chunks = chunks_of(bytes_of(file, shown), file.suffix, shown)
        except OSError as error:
            self._note(
                str(Message("file.not_read", file=str(shown), why=str(error.strerror or error)))
            )
            return None
        except UnreadableError as error:
            self._note(str(error))
            return None
        self.known[file] = Module(one_line(file.stem), key_of(file), chunks, listed=False)
        return True

    def _shown(self, place: Path) -> str:
        return os.path.relpath(place, self._root)


def _below(base: Path, parts: list[str]) -> Path | None:
    """A module's file below a folder, or the folder of a package without `__init__.py`."""
    place = base.joinpath(*parts)
    candidates = [place / "__init__.py"]
    if parts:
        candidates.insert(0, place.parent / f"{place.name}.py")
    try:
        for file in candidates:
            if file.is_file():
                return file.resolve()
        if place.is_dir() and any(f.suffix == ".py" for f in place.iterdir()):
            return place.resolve()
    except (OSError, ValueError):  # a name too long for a path, a folder without permission
        return None
    return None


def _whole(place: Path) -> Path:
    """A module's file, or the folder of a package."""
    return place.parent if place.name == "__init__.py" else place


def _ends(place: Path) -> tuple[str, ...]:
    """The parts of a path, as in an import statement."""
    return place.parent.parts if place.name == "__init__.py" else place.with_suffix("").parts


def _distance(folder: Path, place: Path) -> int:
    """The number of steps between a folder and a path, up and down."""
    return len(Path(os.path.relpath(place, folder)).parts)
