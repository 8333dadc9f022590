"""Run the definitions of one module, statement by statement: if one fails, the others are kept."""

from __future__ import annotations

import ast
import signal
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from types import ModuleType

from trigrad.messages import Message
from trigrad.subject.face import DEFINITION, Raised
from trigrad.subject.loading.block_runner import BlockRunner
from trigrad.subject.loading.computed_constants import OPERANDS, bound_by, needed, operands_bound_by
from trigrad.subject.loading.importing import Importer
from trigrad.subject.loading.loaded import BrokenDefinition, Definition, Loaded, why
from trigrad.subject.loading.statement_runner import Progress, Skip, SkippedError, StatementRunner
from trigrad.subject.loading.traces import Tracer
from trigrad.subject.source.blocks import (
    hidden_definitions,
    leaves,
    patched_name,
    read_by_conditions,
)
from trigrad.subject.source.contract_names import match_name
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
    """Runs a module's definitions in its namespace and collects them."""

    live: ModuleType
    importer: Importer
    loaded: Loaded
    skip: Skip
    progress: Progress
    wanted: frozenset[str] = frozenset()
    """Names that other modules may import from this one."""
    noted: bool = True
    """Whether notes on its statements are wanted."""
    found: dict[str, Definition] = field(default_factory=dict)
    broken: dict[str, BrokenDefinition] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._runner = StatementRunner(
            self.live, self.importer, self.loaded, self.skip, self.progress
        )
        self._blocks = BlockRunner(self.live, self._leaf, self._note_error)

    def run(self, bodies: Sequence[tuple[Chunk, Sequence[ast.stmt]]]) -> None:
        """Run the definitions of all chunks, in order."""
        statements = [(chunk, leaf) for chunk, body in bodies for leaf in leaves(body)]
        wanted = self.wanted.union(*(read_by_conditions(body) for _, body in bodies))
        self._constants, harmless = needed(statements, wanted)
        self._blocks.may_evaluate = harmless.only
        self._kept = {leaf for _, leaf in without_superseded(statements)}
        for chunk, body in bodies:
            self._blocks.run(chunk, body)
        for name in [name for name in self.broken if name in self.found]:
            broken = self.broken.pop(name)
            if broken.like_a_layer:
                self._note(broken.chunk, broken.node, broken.why)
        for chunk, body in bodies:
            self._note_hidden(chunk, body)
        self._remove_operands(leaf for _, leaf in statements)
        for name, nodes in definitions_of(statements).items():
            if name in self.found and len(nodes) > 1:
                self.found[name] = _with_others(self.found[name], nodes)

    def _remove_operands(self, statements: Iterable[ast.stmt]) -> None:
        """Remove globals like `y = 3`, which hide the mistake of a layer that means `self.y`."""
        nodes = (definition.node for definition in self.found.values())
        if any(isinstance(node, ast.ClassDef) and is_like_a_layer(node) for node in nodes):
            for statement in statements:
                for name in operands_bound_by(statement):
                    vars(self.live).pop(name, None)

    def _note_hidden(self, chunk: Chunk, body: Sequence[ast.stmt]) -> None:
        for node, where in hidden_definitions(body):
            if is_like_a_layer(node) and node.name not in self.found:
                self._add_note(
                    chunk, node, str(Message("hidden.not_read", name=node.name, where=where))
                )

    def _leaf(self, chunk: Chunk, statement: ast.stmt, strict: bool) -> None:
        """Run one statement if it is a definition, or computes a constant that a layer needs."""
        if statement not in self._kept:
            return
        patched = self.found.get(patched_name(statement))
        if patched is not None and isinstance(patched.value, type):
            self.found[patched.name] = replace(patched, patched=True)
        elif self._is_rebound(statement):
            pass
        elif not (defines(statement) or statement in self._constants):
            self._remember_skipped(chunk, statement)
            return
        try:
            self._runner.run(chunk, statement, strict=strict)
        except BaseException as error:
            if _is_interrupt(error) or (strict and isinstance(error, Exception)):
                raise
            self._failed(chunk, statement, error)
        else:
            self._keep(chunk, statement)

    def _is_rebound(self, statement: ast.stmt) -> bool:
        """Whether a definition is given the name of another one: `relu_backward = faster`."""
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Name(id=other)):
                return name in self.found and other in self.found
            case _:
                return False

    def _remember_skipped(self, chunk: Chunk, statement: ast.stmt) -> None:
        """Remember the names that a statement would bind, to explain why they are undefined."""
        for name in bound_by(statement) - OPERANDS - set(vars(self.live)):
            self.loaded.skipped[name] = place_of(chunk, statement)

    def _keep(self, chunk: Chunk, statement: ast.stmt) -> None:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Name(id=other)) if (
                self._is_rebound(statement)
            ):
                self.found.pop(name)
                self.found[name] = replace(self.found[other], name=name)
                return
        node = statement if isinstance(statement, ClassOrFunction) else None
        name = node.name if node else _lambda_name(statement)
        if name not in vars(self.live):
            return
        self.found.pop(name, None)  # the last definition counts, at its own place in the order
        self.found[name] = Definition(name, vars(self.live)[name], node, chunk)

    def _failed(self, chunk: Chunk, statement: ast.stmt, error: BaseException) -> None:
        if isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Expr):
            self._remember_skipped(chunk, statement)
            return  # it reads a name that a skipped statement binds
        raised = self._raised(error)
        like_a_layer = False
        if isinstance(statement, ClassOrFunction):
            like_a_layer = is_like_a_layer(statement)
            where = Tracer(self.loaded.chunks).where(chunk.label, statement.lineno)
            if raised.where is None:
                raised = Raised(**{**vars(raised), "where": where})
            name = statement.name
            self.broken[name] = BrokenDefinition(name, statement, chunk, raised, like_a_layer)
        if not like_a_layer:
            self._note(chunk, statement, why(raised))

    def _raised(self, error: BaseException) -> Raised:
        if isinstance(error, SkippedError):
            return Raised(DEFINITION, "", error.reason.words, ended=error.reason.own_fault)
        tracer = Tracer(self.loaded.chunks, tuple(self.loaded.stars), self.loaded.skipped)
        return tracer.raised(DEFINITION, error)

    def _note_error(self, chunk: Chunk, statement: ast.stmt, error: BaseException) -> None:
        self._note(chunk, statement, why(self._raised(error)))

    def _note(self, chunk: Chunk, statement: ast.stmt, words: str) -> None:
        self._add_note(chunk, statement, str(Message("loading.skipped_why", why=words)))

    def _add_note(self, chunk: Chunk, statement: ast.stmt, words: str) -> None:
        if self.noted:
            place = Message("place.line", place=chunk.place, line=statement.lineno)
            note = str(Message("loading.noted", place=place, words=words))
            self.loaded.notes.append(one_line(note))


def _is_interrupt(error: BaseException) -> bool:
    """Whether an error may come from Ctrl-C. A worker does not handle Ctrl-C."""
    handled = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    return handled and isinstance(error, KeyboardInterrupt)


def place_of(chunk: Chunk, node: ast.stmt) -> str:
    """The place of a statement in its file, in words."""
    line = Message("place.lines", numbers=str(node.lineno), count=1)
    return str(Message("place.in_cell", cell=chunk.cell, lines=line) if chunk.cell else line)


def _with_others(
    definition: Definition, nodes: Sequence[tuple[Chunk, ClassOrFunction]]
) -> Definition:
    """A definition with the places of the other definitions of its name."""
    others = (place_of(chunk, node) for chunk, node in nodes if node is not definition.node)
    return replace(definition, earlier=tuple(others))


def is_like_a_layer(node: ClassOrFunction) -> bool:
    """Whether the name or the methods of a definition are those of a layer."""
    is_function = isinstance(node, ast.FunctionDef)
    if match_name(node.name, function=is_function) is not None:
        return True
    return isinstance(node, ast.ClassDef) and any(map(is_pass, methods(node)))


def _lambda_name(statement: ast.stmt) -> str:
    """The name of a function that is written as a lambda; "" for any other statement."""
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Lambda()):
            return name
        case _:
            return ""
