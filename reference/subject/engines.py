"""Find engines: classes of numbers or arrays with operators, and what their text consists of."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from trigrad.contracts.engine import engine as row_of
from trigrad.messages import Message
from trigrad.subject.broken import BrokenFace
from trigrad.subject.candidate import UNIMPLEMENTED, Candidate
from trigrad.subject.definition_facts import (
    label_of,
    lines_with_assigned,
    names_used_by,
    places_of,
    where_of,
)
from trigrad.subject.dialects.engine_dialect import EngineDialect
from trigrad.subject.dialects.signatures import methods_of
from trigrad.subject.face import DEFINITION, Face, Raised
from trigrad.subject.inprocess import InProcessFace
from trigrad.subject.loading.loaded import Definition
from trigrad.subject.loading.traces import Tracer
from trigrad.subject.source.definitions import is_stub, methods
from trigrad.subject.source.gradient_code import base_names
from trigrad.subject.source.gradient_names import means_backward
from trigrad.subject.source.passes import passes_among

OPERATORS = ("__add__", "__mul__", "__matmul__", "__sub__", "__truediv__", "__pow__")


@dataclass(frozen=True)
class Engine:
    """An engine with the definitions of its file that are judged through it."""

    definition: Definition
    backward: str
    beside: tuple[Definition, ...]
    """Classes and functions that its operations consist of, or that take its objects."""

    def candidate(self, tracer: Tracer) -> Candidate:
        """It, to be judged by programs."""
        definition = self.definition
        lines = lines_with_assigned(definition, methods_of(definition.value), tracer)
        lines |= {k: v for k, v in self._lines_beside.items() if k not in lines}
        lines |= self._assigned
        written = methods(definition.node) if isinstance(definition.node, ast.ClassDef) else {}
        empty = self.backward in written and is_stub(written[self.backward])
        return Candidate(
            contract=row_of(definition.name),
            name=definition.name,
            face=UNIMPLEMENTED if empty else face_of(definition, self.backward, tracer),
            notes=(str(Message("engine.unwritten", backward=self.backward)),) if empty else (),
            unimplemented=empty,
            where=where_of(definition),
            lines=lines,
            uses=frozenset().union(*map(names_used_by, (definition, *self.beside)))
            | {d.name for d in self.beside},
            parts=tuple(self._parts),
            label=label_of(definition),
            places=places_of(definition),
        )

    @property
    def _parts(self) -> Iterator[str]:
        """Its methods and the classes beside it that have a way back of their own."""
        node = self.definition.node
        for name, method in methods(node).items() if isinstance(node, ast.ClassDef) else ():
            inner = (n for n in ast.walk(method) if n is not method)
            if name not in (self.backward, "__init__") and any(
                isinstance(n, ast.FunctionDef | ast.Lambda) for n in inner
            ):
                yield name
        for beside in self.beside:
            if isinstance(beside.node, ast.ClassDef):
                own = methods(beside.node)
                if any(means_backward(n) and not is_stub(m) for n, m in own.items()):
                    yield beside.name

    @cached_property
    def _lines_beside(self) -> dict[str, tuple[int, int]]:
        """The lines of what is beside it in the same cell or file, by name."""
        here = [d for d in self.beside if d.chunk is self.definition.chunk and d.node]
        return {d.name: (d.node.lineno, d.node.end_lineno or d.node.lineno) for d in here if d.node}

    @property
    def _assigned(self) -> dict[str, tuple[int, int]]:
        """The lines of the functions that are its operators: `Variable.__mul__ = mul`."""
        found = {}
        for name, value in vars(self.definition.value).items():
            other = getattr(value, "__name__", name)
            if name.startswith("__") and other in self._lines_beside:
                found[name] = self._lines_beside[other]
        return found


def face_of(definition: Definition, backward: str, tracer: Tracer) -> Face:
    """The face of an engine, as it stands or after an edit."""
    if not isinstance(definition.value, type) or not hasattr(definition.value, backward):
        return BrokenFace(
            Raised(
                DEFINITION,
                "",
                str(Message("unread.engine_has_no", backward=backward)),
                unjudged=backward,
            )
        )
    dialect = EngineDialect(definition.value, backward)
    return InProcessFace(row_of(definition.name), dialect, tracer)


def engines_among(definitions: Sequence[Definition]) -> list[Engine]:
    """The engines of one file, each with what belongs to it."""
    by_name = {d.name: d for d in definitions}
    for definition in definitions:
        if _only_sets_operators(definition):
            definition.value()  # a file calls it below, where it is not run
    found: list[Engine] = []
    for definition in definitions:
        backward = _backward_of(definition, definitions)
        if backward and not _is_base(definition, definitions):
            found.append(Engine(definition, backward, tuple(_beside(definition, by_name))))
    return found


def _only_sets_operators(definition: Definition) -> bool:
    """Whether it is a function that does no more than `Variable.__add__ = add` and the like."""
    node = definition.node
    if (
        not isinstance(node, ast.FunctionDef)
        or node.args.args
        or isinstance(definition.value, type)
    ):
        return False
    sets = [_sets_operator(statement) for statement in node.body]
    texts = [isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant) for s in node.body]
    return any(sets) and all(a or b for a, b in zip(sets, texts, strict=True))


def _sets_operator(statement: ast.stmt) -> bool:
    match statement:
        case ast.Assign(targets=[ast.Attribute(value=ast.Name())], value=ast.Name()):
            return True
        case _:
            return False


def _is_base(definition: Definition, definitions: Sequence[Definition]) -> bool:
    """Whether another engine is made of it: `Parameter(Variable)` is no other one."""
    engine = definition.value
    parents = [d.value for d in definitions if isinstance(d.value, type) and d is not definition]
    return any(issubclass(engine, p) and _backward_in(p) for p in parents if p is not engine)


def _backward_of(definition: Definition, definitions: Sequence[Definition]) -> str:
    value = definition.value
    if not isinstance(value, type) or definition.node is None:
        return ""
    if _backward_in(value) or not _is_made_by_functions(definition, definitions):
        return _backward_in(value)
    return _starting(value)


def _is_made_by_functions(definition: Definition, definitions: Sequence[Definition]) -> bool:
    """Whether there are no operators yet: another class makes its objects when it is called."""
    assert definition.node is not None, "asked of what has a text"
    stores = {n.attr for n in ast.walk(definition.node) if isinstance(n, ast.Attribute)}
    if not any("grad" in name for name in stores):
        return False
    others = (d.node for d in definitions if d is not definition)
    return any(
        isinstance(node, ast.ClassDef) and _makes(node, {definition.name}) for node in others
    )


def _makes(node: ast.ClassDef, names: Collection[str]) -> bool:
    """Whether an object of this class makes one of these when it is called."""
    call = methods(node).get("__call__")
    return call is not None and any(
        isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and n.func.id in names
        for n in ast.walk(call)
    )


def _backward_in(value: type) -> str:
    """The method that goes back from an output; "" if it is no engine."""
    return _starting(value) if any(_own(value, operator) for operator in OPERATORS) else ""


def _starting(value: type) -> str:
    """The method that can start to go back at an object; "" for a layer, which has two passes."""
    if passes_among(methods_of(value)) is not None:
        return ""  # a layer, with operators to put layers together
    names = [n for n in methods_of(value) if means_backward(n) and not n.startswith("__")]
    named = sorted(names, key=lambda n: (n != "backward", n.startswith("_"), n))
    return next((n for n in named if _can_start(getattr(value, n))), "")


def _own(value: type, operator: str) -> bool:
    # A metaclass may answer anything, or nothing, when it is asked for an attribute.
    bases = type.__dict__["__mro__"].__get__(value)
    own = (type.__dict__["__dict__"].__get__(cls) for cls in bases if cls is not object)
    return any(operator in names for names in own)


def _can_start(method: object) -> bool:
    """Whether it needs no more than a gradient of the output."""
    if not callable(method):
        return False
    try:
        parameters = list(inspect.signature(method).parameters.values())[1:]
    except (TypeError, ValueError):
        return False
    plain = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    needed = [p for p in parameters if p.default is p.empty and p.kind in plain]
    return len(needed) <= 1


def _beside(engine: Definition, by_name: Mapping[str, Definition]) -> Iterator[Definition]:
    """What the engine calls, what calls it, and classes of the same family, each once."""
    reached = {engine.name}
    reached |= {
        getattr(v, "__name__", "") for v in vars(engine.value).values() if callable(v)
    } & by_name.keys()
    size = 0
    while size != len(reached):
        size = len(reached)
        for name, definition in by_name.items():
            used = _names_in(definition)
            if name in reached:
                reached |= used & by_name.keys()
            elif _belongs(definition, used, reached, by_name):
                reached.add(name)
    for name in reached - {engine.name}:
        yield by_name[name]


def _belongs(
    definition: Definition,
    used: set[str],
    reached: set[str],
    by_name: Mapping[str, Definition],
) -> bool:
    """Whether it is a function that uses what is reached, or a class derived from it."""
    if isinstance(definition.node, ast.ClassDef):
        return bool(set(base_names(definition.node)) & reached) or _makes(definition.node, reached)
    return bool(used & reached & by_name.keys())


def _names_in(definition: Definition) -> set[str]:
    if definition.node is None:
        return set()
    return {n.id for n in ast.walk(definition.node) if isinstance(n, ast.Name)}
