"""The `__import__` of a learner's module: finds the learner's files and supplies placeholders."""

from __future__ import annotations

import contextlib
import importlib
from collections.abc import Callable, Mapping, Sequence
from types import ModuleType

from trigrad.subject.loading.deferred import Deferred, is_deferred
from trigrad.subject.loading.placeholders import MissingModule
from trigrad.subject.source.imports import dotted_name
from trigrad.subject.source.libraries import is_library

Find = Callable[[str], ModuleType | None]


class Importer:
    """Imports for one module of the subject.

    Libraries come first, so that a learner's `random.py` or `numpy.py` hides nothing; then the
    learner's own files. Anything else is a MissingModule, or an ImportError inside `try`.
    `find` returns a file of the learner's by the name that the module uses for it.
    """

    def __init__(self, find: Find, missing: Callable[[str], MissingModule]) -> None:
        self._find = find
        self._missing = missing
        self.strict = False
        self._packages: dict[str, ModuleType] = {}  # the packages around missing modules

    def __call__(
        self,
        name: str,
        globals: Mapping[str, object] | None = None,
        locals: Mapping[str, object] | None = None,
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> ModuleType:
        """Import a module, with the arguments and the result of the builtin `__import__`."""
        wanted = "." * level + name
        parts = fromlist or ()
        if level == 0 and is_deferred(name):
            return Deferred(name if parts else name.partition(".")[0])
        if level == 0 and is_library(name):
            try:
                real = _real(name, parts)
                if all(part == "*" or hasattr(real, part) for part in parts):
                    return real
                # A file of that name may have what the library does not have.
                return self._with_submodules(self._find(name) or real, wanted, parts)
            except ModuleNotFoundError as error:
                if not name.startswith(error.name or "?"):
                    raise  # the library is installed, but something it imports is not
        found = self._find(wanted)
        if found is None:
            if self.strict:
                raise ModuleNotFoundError(f"No module named {wanted!r}", name=wanted)
            found = self._missing(wanted)
        if parts or "." not in name:
            return self._with_submodules(found, wanted, parts)
        return self._chain(found, name)

    def _with_submodules(self, found: ModuleType, name: str, fromlist: Sequence[str]) -> ModuleType:
        """Import the submodules in `from package import module`."""
        for part in fromlist:
            if part != "*" and part not in vars(found) and not isinstance(found, MissingModule):
                inner = self._find(dotted_name(name, part))
                if inner is not None:
                    setattr(found, part, inner)
        return found

    def _chain(self, found: ModuleType, name: str) -> ModuleType:
        """What `import a.b.c` binds: a, with attributes that lead to the module that was found."""
        parts = name.split(".")
        prefixes = [".".join(parts[:i]) for i in range(1, len(parts))]
        chain = [*(self._package(prefix) for prefix in prefixes), found]
        for part, outer, inner in zip(parts[1:], chain, chain[1:], strict=False):
            setattr(outer, part, inner)
        return chain[0]

    def _package(self, name: str) -> ModuleType:
        found = self._find(name)
        return found or self._packages.setdefault(name, MissingModule(name))


def _real(name: str, fromlist: Sequence[str]) -> ModuleType:
    module = importlib.import_module(name)
    if not fromlist:
        return importlib.import_module(name.partition(".")[0])
    for part in fromlist:
        if part != "*" and not hasattr(module, part):
            with contextlib.suppress(ImportError):  # the import statement itself will raise
                importlib.import_module(f"{name}.{part}")
    return module
