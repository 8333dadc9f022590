"""The `__import__` of a learner's module: finds neighbours, stands in for what is not here."""

from __future__ import annotations

import contextlib
import importlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import ModuleType

from reference.subject.supplied import MissingModule, is_real

Find = Callable[[str, Path], ModuleType | None]


class Importer:
    """Imports for the modules of one folder.

    Libraries come first, so that a learner's `random.py` or `numpy.py` shadows nothing; then the
    learner's own files; what is in neither is a MissingModule, or, inside `try`, an ImportError.
    """

    def __init__(self, find: Find, missing: Callable[[str], MissingModule], folder: Path) -> None:
        self._find = find
        self._missing = missing
        self._folder = folder
        self.strict = False
        self._packages: dict[str, ModuleType] = {}  # those on the way to what is missing

    def __call__(
        self,
        name: str,
        globals: Mapping[str, object] | None = None,
        locals: Mapping[str, object] | None = None,
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> ModuleType:
        """What the import statement binds, as `__import__` returns it."""
        if level == 0 and is_real(name):
            try:
                return _real(name, fromlist or ())
            except ModuleNotFoundError as error:
                if not name.startswith(error.name or "?"):
                    raise  # it is here, and needs what is not
        folder = self._folder
        for _ in range(level - 1):
            folder = folder.parent
        found = self._find(name, folder)
        if found is None:
            if self.strict:
                raise ModuleNotFoundError(f"No module named {name!r}", name=name)
            found = self._missing(name or "." * level)
        if fromlist or "." not in name:
            return self._with_submodules(found, name, fromlist or (), folder)
        return self._chain(found, name, folder)

    def _with_submodules(
        self, found: ModuleType, name: str, fromlist: Sequence[str], folder: Path
    ) -> ModuleType:
        """`from package import module`: the module may be a file of its own."""
        for part in fromlist:
            if part != "*" and part not in vars(found) and not isinstance(found, MissingModule):
                inner = self._find(f"{name}.{part}" if name else part, folder)
                if inner is not None:
                    setattr(found, part, inner)
        return found

    def _chain(self, found: ModuleType, name: str, folder: Path) -> ModuleType:
        """`import a.b.c` binds a; b and c are attributes on the way to what was found."""
        parts = name.split(".")
        prefixes = [".".join(parts[:i]) for i in range(1, len(parts))]
        chain = [*(self._package(prefix, folder) for prefix in prefixes), found]
        for part, outer, inner in zip(parts[1:], chain, chain[1:], strict=False):
            setattr(outer, part, inner)
        return chain[0]

    def _package(self, name: str, folder: Path) -> ModuleType:
        found = self._find(name, folder)
        return found or self._packages.setdefault(name, MissingModule(name))


def _real(name: str, fromlist: Sequence[str]) -> ModuleType:
    module = importlib.import_module(name)
    if not fromlist:
        return importlib.import_module(name.partition(".")[0])
    for part in fromlist:
        if part != "*" and not hasattr(module, part):
            with contextlib.suppress(ImportError):  # the import statement itself names it
                importlib.import_module(f"{name}.{part}")
    return module
