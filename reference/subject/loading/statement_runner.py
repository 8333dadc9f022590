"""Run one statement of a learner's in the namespace of its module."""

from __future__ import annotations

import ast
import sys
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import CodeType, ModuleType

from trigrad.messages import Message
from trigrad.subject.loading.deferred import Deferred, bound_names
from trigrad.subject.loading.importing import Importer
from trigrad.subject.loading.loaded import Loaded
from trigrad.subject.loading.placeholders import MissingModule, stub_base, while_loading
from trigrad.subject.loading.silence import silent
from trigrad.subject.source.text import SUBJECT, Chunk, one_line


@dataclass(frozen=True)
class SkipReason:
    """Why a statement is not run."""

    words: str
    """If it is the statement's own fault, what it did, without a subject: "did not return within
    10 s". Otherwise a whole sentence."""
    own_fault: bool = True
    """Whether the statement hangs or ends its process when it is run."""

    @property
    def sentence(self) -> str:
        """The reason as a sentence."""
        if not self.own_fault:
            return self.words
        return str(Message("raised.it", message=self.words))


Skip = Mapping[tuple[str, int], SkipReason]
"""Statements that are not to be run, by their chunk's label and their line."""

Progress = Callable[[str, int], None]
"""Called with a chunk's label and a line, before the statement there is run."""

# Annotations are not evaluated: a layer must not fail because a type in one is not found.
_FLAGS = annotations.compiler_flag


class SkippedError(Exception):
    """A statement is not run, at the caller's wish."""

    def __init__(self, reason: SkipReason) -> None:
        super().__init__(reason.sentence)
        self.reason = reason


def learners_name(module: ModuleType) -> str:
    """A module's name as the learner writes it."""
    name = module.__name__
    return name.partition(".")[2] if name.startswith(SUBJECT) else name


@dataclass
class StatementRunner:
    """Runs statements of one module; what a statement raises is not caught."""

    live: ModuleType
    importer: Importer
    loaded: Loaded
    skip: Skip
    progress: Progress

    def run(self, chunk: Chunk, statement: ast.stmt, *, strict: bool = False) -> None:
        """Run one statement; if `strict`, importing a module that is not found raises.

        Raises:
            SkippedError: the statement is one of those to skip.
        """
        reason = self.skip.get((chunk.label, statement.lineno))
        if reason is not None:
            raise SkippedError(reason)
        self.progress(chunk.label, statement.lineno)
        self.importer.strict = strict
        recursion = sys.getrecursionlimit()
        try:
            with silent(), while_loading(), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                if isinstance(statement, ast.ClassDef):
                    self._stub_bases(chunk, statement)
                tree = ast.Module([statement], [])
                code = compile(tree, chunk.label, "exec", _FLAGS, dont_inherit=True)
                try:
                    if isinstance(statement, ast.ImportFrom):
                        self._import_from(statement, code)
                    else:
                        exec(code, vars(self.live))
                finally:
                    sys.setrecursionlimit(recursion)  # before any other function is called
        finally:
            self.importer.strict = False

    def _import_from(self, statement: ast.ImportFrom, code: CodeType) -> None:
        names = tuple(alias.name for alias in statement.names)
        module = self.importer(statement.module or "", fromlist=names, level=statement.level)
        namespace = vars(self.live)
        aliases = {alias.name: alias.asname for alias in statement.names if alias.asname}
        if isinstance(module, Deferred):
            bound = bound_names(module, names)
            namespace |= {aliases.get(name, name): value for name, value in bound.items()}
        elif isinstance(module, MissingModule):
            for name in names:
                if name == "*":
                    self.loaded.stars.append(module.__name__)
                    continue
                # A placeholder never replaces a definition of the learner's, which is judged.
                namespace.setdefault(aliases.get(name, name), getattr(module, name))
        elif names == ("*",):
            exec(code, namespace)
        else:
            there = [name for name in names if hasattr(module, name)]
            namespace |= {aliases.get(name, name): getattr(module, name) for name in there}
            if len(there) < len(names):  # the names that exist are bound all the same
                absent = ", ".join(name for name in names if name not in there)
                raise ImportError(
                    str(Message("loading.not_in", names=absent, module=learners_name(module)))
                )

    def _stub_bases(self, chunk: Chunk, statement: ast.ClassDef) -> None:
        """Bind undefined base classes to empty ones, since a layer can be judged without them."""
        namespace = vars(self.live)
        for base in statement.bases:
            name = base.id if isinstance(base, ast.Name) else ""
            if not name or name in namespace or name in namespace["__builtins__"]:
                continue
            namespace[name] = stub_base(name)
            if not self.loaded.stars:  # otherwise a missing module may define it, which is noted
                self.loaded.notes.append(
                    one_line(
                        str(
                            Message(
                                "loading.base",
                                place=chunk.place,
                                lineno=statement.lineno,
                                base=name,
                                cls=statement.name,
                            )
                        )
                    )
                )
