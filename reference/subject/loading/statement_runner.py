"""One statement of a learner's, run in its module's namespace."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import CodeType, ModuleType

from trigrad.subject.loading.deferred import Deferred, names_of
from trigrad.subject.loading.importing import Importer
from trigrad.subject.loading.loaded import Loaded
from trigrad.subject.loading.placeholders import MissingModule, loading, stub_base
from trigrad.subject.loading.silence import silent
from trigrad.subject.source.text import SUBJECT, Chunk, one_line

Skip = Mapping[tuple[str, int], str]
Progress = Callable[[str, int], None]

# Annotations are not evaluated: one that names a type that is not here must not cost the layer.
_FLAGS = annotations.compiler_flag


class NotRunError(Exception):
    """A statement that is left out; the message is the reason."""


def own_name(module: ModuleType) -> str:
    """The name by which the learner knows a module."""
    name = module.__name__
    return name.partition(".")[2] if name.startswith(SUBJECT) else name


@dataclass
class Runner:
    """Runs statements of one module; whatever they raise, it raises."""

    live: ModuleType
    importer: Importer
    loaded: Loaded
    skip: Skip
    progress: Progress

    def run(self, chunk: Chunk, statement: ast.stmt, *, strict: bool = False) -> None:
        """Run one statement; where it is `strict`, an import of what is not here raises.

        Raises:
            NotRunError: the caller wants it left out.
        """
        reason = self.skip.get((chunk.label, statement.lineno))
        if reason is not None:
            raise NotRunError(reason)
        self.progress(chunk.label, statement.lineno)
        self.importer.strict = strict
        try:
            with silent(), loading(), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                if isinstance(statement, ast.ClassDef):
                    self._stub_bases(chunk, statement)
                tree = ast.Module([statement], [])
                code = compile(tree, chunk.label, "exec", _FLAGS, dont_inherit=True)
                if isinstance(statement, ast.ImportFrom):
                    self._import_from(statement, code)
                else:
                    exec(code, vars(self.live))
        finally:
            self.importer.strict = False

    def _import_from(self, statement: ast.ImportFrom, code: CodeType) -> None:
        names = tuple(alias.name for alias in statement.names)
        module = self.importer(statement.module or "", fromlist=names, level=statement.level)
        namespace = vars(self.live)
        aliases = {alias.name: alias.asname for alias in statement.names if alias.asname}
        if isinstance(module, Deferred):
            bound = names_of(module, names)
            namespace |= {aliases.get(name, name): value for name, value in bound.items()}
        elif isinstance(module, MissingModule):
            for name in names:
                if name == "*":
                    self.loaded.stars.append(module.__name__)
                    continue
                # A definition of the learner's own is what there is to judge: what is not here
                # never takes its place.
                namespace.setdefault(aliases.get(name, name), getattr(module, name))
        elif names == ("*",):
            exec(code, namespace)
        else:
            there = [name for name in names if hasattr(module, name)]
            namespace |= {aliases.get(name, name): getattr(module, name) for name in there}
            if len(there) < len(names):  # one that is not there costs the others nothing
                absent = ", ".join(name for name in names if name not in there)
                raise ImportError(f"{absent} is not in {own_name(module)}")

    def _stub_bases(self, chunk: Chunk, statement: ast.ClassDef) -> None:
        """A base class that is nowhere must not cost a layer whose passes are its own."""
        namespace = vars(self.live)
        for base in statement.bases:
            name = base.id if isinstance(base, ast.Name) else ""
            if not name or name in namespace or name in namespace["__builtins__"]:
                continue
            namespace[name] = stub_base(name)
            if not self.loaded.stars:  # else a module that is not here may have it, and is said
                self.loaded.notes.append(
                    one_line(
                        f"{chunk.place}, line {statement.lineno}: {name}, the base of "
                        f"{statement.name}, is not defined; an empty class stands in for it"
                    )
                )
