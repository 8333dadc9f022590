"""The statements of one module, run one at a time, so that one that fails leaves the others."""

from __future__ import annotations

import ast
import signal
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from reference.subject.blocks import can_be_decided, is_main_guard, leaves
from reference.subject.constants import OPERANDS, bound_by, name_of, needed
from reference.subject.definitions import (
    PASSES,
    ClassOrFunction,
    defines,
    definitions_of,
    methods,
    without_superseded,
)
from reference.subject.face import DEFINITION, Raised
from reference.subject.importing import Importer
from reference.subject.loaded import Broken, Definition, Loaded, why
from reference.subject.names import read_name
from reference.subject.silence import silent
from reference.subject.supplied import MissingModule
from reference.subject.text import Chunk, one_line
from reference.subject.traces import Tracer

Skip = Mapping[tuple[str, int], str]
Progress = Callable[[str, int], None]

# Annotations are not evaluated: one that names a type that is not here must not cost the layer.
_FLAGS = annotations.compiler_flag


class _NotRunError(Exception):
    """A statement that the caller wants left out; the message is the caller's reason."""


@dataclass
class Execution:
    """Runs a module's statements in its namespace and keeps what they define."""

    live: ModuleType
    importer: Importer
    loaded: Loaded
    skip: Skip
    progress: Progress
    found: dict[str, Definition] = field(default_factory=dict)
    broken: dict[str, Broken] = field(default_factory=dict)

    def run(self, bodies: Sequence[tuple[Chunk, Sequence[ast.stmt]]]) -> None:
        """Run what defines, of all chunks in order."""
        statements = [(chunk, leaf) for chunk, body in bodies for leaf in leaves(body)]
        self._places = {
            name: [place_of(chunk, node) for chunk, node in nodes]
            for name, nodes in definitions_of(statements).items()
        }
        self._constants = needed(statements)
        self._kept = {leaf for _, leaf in without_superseded(statements)}
        for chunk, body in bodies:
            self._block(chunk, body)
        for name in [name for name in self.broken if name in self.found]:
            broken = self.broken.pop(name)
            if broken.like_a_layer:
                self._note(broken.chunk, broken.node, broken.why)

    def _block(self, chunk: Chunk, body: Iterable[ast.stmt]) -> None:
        for statement in body:
            match statement:
                case ast.If():
                    self._if(chunk, statement)
                case ast.With(body=inner) | ast.AsyncWith(body=inner):
                    self._block(chunk, inner)  # what the block is run in is not for us to open
                case ast.Try() | ast.TryStar():
                    self._try(chunk, statement)
                case _:
                    self._leaf(chunk, statement)

    def _if(self, chunk: Chunk, statement: ast.If) -> None:
        if is_main_guard(statement):
            self._block(chunk, statement.orelse)
            return
        try:
            if not can_be_decided(statement.test):
                raise _NotRunError("it would call something")
            code = compile(ast.Expression(statement.test), chunk.label, "eval", dont_inherit=True)
            with silent(), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                holds = bool(eval(code, vars(self.live)))
        except Exception:  # noqa: BLE001 - undecided: it compares what is not here, say
            self._either(chunk, statement.body, statement.orelse)
        else:
            self._block(chunk, statement.body if holds else statement.orelse)

    def _either(self, chunk: Chunk, body: list[ast.stmt], orelse: list[ast.stmt]) -> None:
        """Both branches, where the condition is unknown; of each name, what is here."""
        if not orelse:
            self._block(chunk, body)
            return
        for leaf in leaves(body):
            if isinstance(leaf, ast.Import | ast.ImportFrom):
                try:
                    self._leaf(chunk, leaf, strict=True)
                except ImportError:
                    continue  # then the other branch may have it
            else:
                self._leaf(chunk, leaf)
        for leaf in leaves(orelse):
            if not bound_by(leaf) <= set(vars(self.live)):
                self._leaf(chunk, leaf)

    def _try(self, chunk: Chunk, statement: ast.Try | ast.TryStar) -> None:
        """As Python does it, with what defines alone: the fallback is taken where it must be."""
        try:
            for leaf in leaves(statement.body):
                self._leaf(chunk, leaf, strict=True)
        except Exception as error:  # noqa: BLE001 - the learner's handlers decide
            handler = next((h for h in statement.handlers if self._catches(h, error)), None)
            if handler is None:
                self._note(chunk, statement, why(self._raised(error)))
            else:
                self._block(chunk, handler.body)
        else:
            self._block(chunk, statement.orelse)
        self._block(chunk, statement.finalbody)

    def _catches(self, handler: ast.ExceptHandler, error: Exception) -> bool:
        if handler.type is None:
            return True
        try:
            code = compile(ast.Expression(handler.type), "<handler>", "eval", dont_inherit=True)
            return isinstance(error, eval(code, vars(self.live)))
        except Exception:  # noqa: BLE001 - a handler for an exception of what is not here
            return False

    def _leaf(self, chunk: Chunk, statement: ast.stmt, *, strict: bool = False) -> None:
        """Run one statement if it only defines, or if a layer needs what it computes."""
        if statement not in self._kept:
            return
        if not (defines(statement) or statement in self._constants):
            if name_of(statement) not in OPERANDS:
                self.loaded.skipped[name_of(statement)] = place_of(chunk, statement)
            return
        try:
            self._execute(chunk, statement, strict)
        except BaseException as error:
            if _is_the_users(error) or (strict and isinstance(error, Exception)):
                raise
            self._failed(chunk, statement, error)
        else:
            self._keep(chunk, statement)

    def _execute(self, chunk: Chunk, statement: ast.stmt, strict: bool) -> None:
        reason = self.skip.get((chunk.label, statement.lineno))
        if reason is not None:
            raise _NotRunError(reason)
        self.progress(chunk.label, statement.lineno)
        self.importer.strict = strict
        try:
            with silent(), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                code = compile(
                    ast.Module([statement], []), chunk.label, "exec", _FLAGS, dont_inherit=True
                )
                if isinstance(statement, ast.ImportFrom):
                    self._import_from(statement, code)
                else:
                    exec(code, vars(self.live))
        finally:
            self.importer.strict = False

    def _import_from(self, statement: ast.ImportFrom, code: Any) -> None:
        names = tuple(alias.name for alias in statement.names)
        module = self.importer(statement.module or "", fromlist=names, level=statement.level)
        namespace = vars(self.live)
        if not isinstance(module, MissingModule):
            exec(code, namespace)
            return
        for alias in statement.names:
            if alias.name == "*":
                self.loaded.stars.append(module.__name__)
                continue
            name = alias.asname or alias.name
            # A definition of the learner's own is what there is to judge: what is not here
            # never takes its place.
            if name not in namespace:
                namespace[name] = getattr(module, alias.name)

    def _keep(self, chunk: Chunk, statement: ast.stmt) -> None:
        named = isinstance(statement, ClassOrFunction)
        name = statement.name if isinstance(statement, ClassOrFunction) else _lambda_name(statement)
        if name not in vars(self.live):
            return
        here = place_of(chunk, statement)
        others = tuple(place for place in self._places.get(name, ()) if place != here)
        node = statement if named else None
        self.found.pop(name, None)  # the last one counts, at its own place in the order
        self.found[name] = Definition(name, vars(self.live)[name], node, chunk, others)  # type: ignore[arg-type]

    def _failed(self, chunk: Chunk, statement: ast.stmt, error: BaseException) -> None:
        if isinstance(statement, ast.Assign | ast.AnnAssign):
            return  # an alias or a sum of something that a skipped statement computes
        raised = self._raised(error)
        like_a_layer = False
        if isinstance(statement, ClassOrFunction):
            like_a_layer = _is_like_a_layer(statement)
            where = Tracer(self.loaded.chunks).where(chunk.label, statement.lineno)
            if raised.where is None:
                raised = Raised(**{**vars(raised), "where": where})
            name = statement.name
            self.broken[name] = Broken(name, statement, chunk, raised, like_a_layer)
        if not like_a_layer:
            self._note(chunk, statement, why(raised))

    def _raised(self, error: BaseException) -> Raised:
        if isinstance(error, _NotRunError):
            return Raised(DEFINITION, "", str(error))
        tracer = Tracer(self.loaded.chunks, tuple(self.loaded.stars), self.loaded.skipped)
        return tracer.raised(DEFINITION, error)

    def _note(self, chunk: Chunk, statement: ast.stmt, words: str) -> None:
        note = f"{chunk.place}, line {statement.lineno}: skipped, {words}"
        self.loaded.notes.append(one_line(note))


def _is_the_users(error: BaseException) -> bool:
    """Whether it may come from Ctrl-C, which a worker has no ear for."""
    listens = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    return listens and isinstance(error, KeyboardInterrupt)


def place_of(chunk: Chunk, node: ast.stmt) -> str:
    """Where a statement is within its file."""
    return f"cell {chunk.cell}, line {node.lineno}" if chunk.cell else f"line {node.lineno}"


def _is_like_a_layer(node: ClassOrFunction) -> bool:
    is_function = isinstance(node, ast.FunctionDef)
    if read_name(node.name, function=is_function) is not None:
        return True
    return isinstance(node, ast.ClassDef) and any(name in methods(node) for name in PASSES)


def _lambda_name(statement: ast.stmt) -> str:
    """The name of a function that is spelt as a lambda; empty if the statement is none."""
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Lambda()):
            return name
        case _:
            return ""
