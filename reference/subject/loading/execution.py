"""The statements of one module, run one at a time, so that one that fails leaves the others."""

from __future__ import annotations

import ast
import signal
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from types import ModuleType
from typing import Any

from trigrad.subject.face import DEFINITION, Raised
from trigrad.subject.loading.computed_constants import OPERANDS, bound_by, hides_a_mistake, needed
from trigrad.subject.loading.importing import Importer
from trigrad.subject.loading.loaded import Broken, Definition, Loaded, why
from trigrad.subject.loading.placeholders import loading
from trigrad.subject.loading.silence import silent
from trigrad.subject.loading.statement_runner import NotRunError, Progress, Runner, Skip
from trigrad.subject.loading.traces import Tracer
from trigrad.subject.source.blocks import can_be_decided, hidden_definitions, is_main_guard, leaves
from trigrad.subject.source.contract_names import read_name
from trigrad.subject.source.definitions import (
    ClassOrFunction,
    defines,
    definitions_of,
    methods,
    without_superseded,
)
from trigrad.subject.source.passes import is_pass
from trigrad.subject.source.text import Chunk, one_line


@dataclass
class Execution:
    """Runs a module's statements in its namespace and keeps what they define."""

    live: ModuleType
    importer: Importer
    loaded: Loaded
    skip: Skip
    progress: Progress
    wanted: frozenset[str] = frozenset()
    """Names that other modules may import from this one."""
    found: dict[str, Definition] = field(default_factory=dict)
    broken: dict[str, Broken] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._runner = Runner(self.live, self.importer, self.loaded, self.skip, self.progress)

    def run(self, bodies: Sequence[tuple[Chunk, Sequence[ast.stmt]]]) -> None:
        """Run what defines, of all chunks in order."""
        statements = [(chunk, leaf) for chunk, body in bodies for leaf in leaves(body)]
        self._constants = needed(statements, self.wanted)
        self._kept = {leaf for _, leaf in without_superseded(statements)}
        for chunk, body in bodies:
            self._block(chunk, body)
        for name in [name for name in self.broken if name in self.found]:
            broken = self.broken.pop(name)
            if broken.like_a_layer:
                self._note(broken.chunk, broken.node, broken.why)
        for chunk, body in bodies:
            self._say_hidden(chunk, body)
        self._forget_operands(leaf for _, leaf in statements)
        for name, nodes in definitions_of(statements).items():
            if name in self.found and len(nodes) > 1:
                self.found[name] = _with_others(self.found[name], nodes)

    def _forget_operands(self, statements: Iterable[ast.stmt]) -> None:
        """A notebook's `y = 3` hides the mistake of a layer that means `self.y`."""
        nodes = (definition.node for definition in self.found.values())
        if any(isinstance(node, ast.ClassDef) and is_like_a_layer(node) for node in nodes):
            for statement in statements:
                for name in hides_a_mistake(statement):
                    vars(self.live).pop(name, None)

    def _say_hidden(self, chunk: Chunk, body: Sequence[ast.stmt]) -> None:
        for node, where in hidden_definitions(body):
            if is_like_a_layer(node) and node.name not in self.found:
                words = f"{chunk.place}, line {node.lineno}: {node.name} is not read, {where}"
                self.loaded.notes.append(one_line(words))

    def _block(self, chunk: Chunk, body: Iterable[ast.stmt], *, strict: bool = False) -> None:
        """Run the statements of a block; where it is `strict`, what they raise is raised."""
        for statement in body:
            match statement:
                case ast.If():
                    self._if(chunk, statement, strict)
                case ast.With(body=inner) | ast.AsyncWith(body=inner):
                    # What the block is run in is not for us to open.
                    self._block(chunk, inner, strict=strict)
                case ast.Try() | ast.TryStar():
                    self._try(chunk, statement, strict)
                case _:
                    self._leaf(chunk, statement, strict)

    def _if(self, chunk: Chunk, statement: ast.If, strict: bool) -> None:
        if is_main_guard(statement):
            self._block(chunk, statement.orelse, strict=strict)
            return
        try:
            holds = bool(self._value(chunk, statement.test))
        except Exception:  # noqa: BLE001 - it calls something, or compares what is not here
            self._either(chunk, statement, strict)
        else:
            self._block(chunk, statement.body if holds else statement.orelse, strict=strict)

    def _either(self, chunk: Chunk, statement: ast.If, strict: bool) -> None:
        """Both branches, where the condition is unknown; of each name, what is here."""
        if not statement.orelse:
            self._block(chunk, statement.body, strict=strict)
            return
        try:
            self._block(chunk, statement.body, strict=True)
        except ImportError:
            pass  # then the other branch may have it
        except Exception as error:  # noqa: BLE001 - the learner's, and said
            self._note(chunk, statement, why(self._raised(error)))
        there = set(vars(self.live))
        for other in statement.orelse:
            if any(not bound_by(leaf) <= there for leaf in leaves([other])):
                self._block(chunk, [other], strict=strict)

    def _try(self, chunk: Chunk, statement: ast.Try | ast.TryStar, strict: bool) -> None:
        """As Python does it, with what defines alone: the fallback is taken where it must be."""
        try:
            self._block(chunk, statement.body, strict=True)
        except Exception as error:
            handler = next((h for h in statement.handlers if self._catches(chunk, h, error)), None)
            if handler is not None:
                self._block(chunk, handler.body, strict=strict)
            elif strict:
                raise
            else:
                self._note(chunk, statement, why(self._raised(error)))
        else:
            self._block(chunk, statement.orelse, strict=strict)
        self._block(chunk, statement.finalbody, strict=strict)

    def _value(self, chunk: Chunk, expression: ast.expr) -> Any:
        """The value of a condition that calls nothing.

        Raises:
            NotRunError: it would; or whatever comparing raises.
        """
        if not can_be_decided(expression):
            raise NotRunError("it would call something")
        with silent(), loading(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            code = compile(ast.Expression(expression), chunk.label, "eval", dont_inherit=True)
            return eval(code, vars(self.live))

    def _catches(self, chunk: Chunk, handler: ast.ExceptHandler, error: Exception) -> bool:
        if handler.type is None:
            return True
        try:
            return isinstance(error, self._value(chunk, handler.type))
        except Exception:  # noqa: BLE001 - a handler for an exception of what is not here
            return False

    def _leaf(self, chunk: Chunk, statement: ast.stmt, strict: bool) -> None:
        """Run one statement if it only defines, or if a layer needs what it computes."""
        if statement not in self._kept:
            return
        if not (defines(statement) or statement in self._constants):
            self._left_out(chunk, statement)
            return
        try:
            self._runner.run(chunk, statement, strict=strict)
        except BaseException as error:
            if _is_the_users(error) or (strict and isinstance(error, Exception)):
                raise
            self._failed(chunk, statement, error)
        else:
            self._keep(chunk, statement)

    def _left_out(self, chunk: Chunk, statement: ast.stmt) -> None:
        """Remember what a statement would have computed, to say it where it is missed."""
        for name in bound_by(statement) - OPERANDS - set(vars(self.live)):
            self.loaded.skipped[name] = place_of(chunk, statement)

    def _keep(self, chunk: Chunk, statement: ast.stmt) -> None:
        node = statement if isinstance(statement, ClassOrFunction) else None
        name = node.name if node else _lambda_name(statement)
        if name not in vars(self.live):
            return
        self.found.pop(name, None)  # the last one counts, at its own place in the order
        self.found[name] = Definition(name, vars(self.live)[name], node, chunk)

    def _failed(self, chunk: Chunk, statement: ast.stmt, error: BaseException) -> None:
        if isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Expr):
            self._left_out(chunk, statement)
            return  # an alias or a sum of something that a skipped statement computes
        raised = self._raised(error)
        like_a_layer = False
        if isinstance(statement, ClassOrFunction):
            like_a_layer = is_like_a_layer(statement)
            where = Tracer(self.loaded.chunks).where(chunk.label, statement.lineno)
            if raised.where is None:
                raised = Raised(**{**vars(raised), "where": where})
            name = statement.name
            self.broken[name] = Broken(name, statement, chunk, raised, like_a_layer)
        if not like_a_layer:
            self._note(chunk, statement, why(raised))

    def _raised(self, error: BaseException) -> Raised:
        if isinstance(error, NotRunError):
            return Raised(DEFINITION, "", str(error))
        tracer = Tracer(self.loaded.chunks, tuple(self.loaded.stars), self.loaded.skipped)
        return tracer.raised(DEFINITION, error)

    def _note(self, chunk: Chunk, statement: ast.stmt, words: str, what: str = "skipped, ") -> None:
        note = f"{chunk.place}, line {statement.lineno}: {what}{words}"
        self.loaded.notes.append(one_line(note))


def _is_the_users(error: BaseException) -> bool:
    """Whether it may come from Ctrl-C, which a worker has no ear for."""
    listens = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    return listens and isinstance(error, KeyboardInterrupt)


def place_of(chunk: Chunk, node: ast.stmt) -> str:
    """Where a statement is within its file."""
    return f"cell {chunk.cell}, line {node.lineno}" if chunk.cell else f"line {node.lineno}"


def _with_others(
    definition: Definition, nodes: Sequence[tuple[Chunk, ClassOrFunction]]
) -> Definition:
    """A definition that knows where its name is defined too."""
    others = (place_of(chunk, node) for chunk, node in nodes if node is not definition.node)
    return replace(definition, earlier=tuple(others))


def is_like_a_layer(node: ClassOrFunction) -> bool:
    """Whether a definition's name or its methods are a layer's."""
    is_function = isinstance(node, ast.FunctionDef)
    if read_name(node.name, function=is_function) is not None:
        return True
    return isinstance(node, ast.ClassDef) and any(map(is_pass, methods(node)))


def _lambda_name(statement: ast.stmt) -> str:
    """The name of a function that is spelt as a lambda; empty if the statement is none."""
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Lambda()):
            return name
        case _:
            return ""
