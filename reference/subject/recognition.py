"""A definition → the layer it is, with a face, or the reason why it can't be judged."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from types import FunctionType
from typing import Any

from trigrad.contracts.schema import Contract, Kind
from trigrad.subject.broken import BrokenFace
from trigrad.subject.dialects import dialect_of, dialect_of_pair
from trigrad.subject.dialects.signatures import UnknownDialectError, methods_of
from trigrad.subject.face import Face, Where
from trigrad.subject.inprocess import InProcessFace
from trigrad.subject.loading.helpers import HELPERS, UNSAID
from trigrad.subject.loading.loaded import Broken, Definition
from trigrad.subject.loading.traces import Tracer
from trigrad.subject.pairing import Pair
from trigrad.subject.rebuilding import Piece
from trigrad.subject.source.contract_names import read_name
from trigrad.subject.source.definitions import ClassOrFunction, first_line, is_stub, methods
from trigrad.subject.source.passes import is_pass, passes_among, side_of
from trigrad.subject.source.sources import lines_of
from trigrad.subject.source.stored_attributes import NOTHING_STORED, Stored, stored


@dataclass(frozen=True, eq=False)
class Candidate:
    """A class or function that answers to a contract."""

    contract: Contract
    name: str
    face: Face
    where: Where | None = None
    notes: tuple[str, ...] = ()
    unimplemented: bool = False
    lines: dict[str, tuple[int, int]] = field(default_factory=dict)
    """First and last line of each method ("forward"), and of the whole ("")."""
    uses: frozenset[str] = frozenset()
    """Names that its text mentions: the layers of its own that a network is built from."""
    stored: Stored = NOTHING_STORED
    """What its text says of the state that backward reads."""
    label: str = ""
    """That of the chunk which has its text."""
    places: tuple[tuple[str, int], ...] = ()
    """The chunk's label and the first line of its definition; two, where it is two functions."""
    rebuild: Callable[[Sequence[Piece]], Face] | None = None
    """Makes its face from other text; None where it cannot be made again."""


@dataclass(frozen=True)
class Unjudged:
    """Something that looks like a layer and can't be judged, with the reason."""

    name: str
    where: Where | None
    why: str
    layer: str = ""
    """The contract it was read as, if any."""
    whole: bool = False
    """Whether it is a whole file, of which nothing is known."""


def recognise(
    definition: Definition,
    tracer: Tracer,
    contract: Contract | None,
    build: Callable[..., Any] | None,
    frameworks: Callable[[], tuple[str, ...]] = tuple,
) -> Candidate | Unjudged | None:
    """The candidate that a definition is; None for what has nothing to do with layers.

    `contract` and `build` are those of a caller who knows better than the name says;
    `frameworks` finds the libraries that differentiate by themselves which its text uses.
    """
    is_class = isinstance(definition.value, type)
    reading = read_name(definition.name, function=not is_class)
    row = contract or (reading.contract if reading else None)
    if row is None and not is_class:
        row = _gives_gradient(definition)
    where = _where(definition)
    design = row.as_designed(_uses(definition)) if row else None
    row = design.contract if design else row
    if row is None:
        if is_class and _is_layer(definition):
            return Unjudged(definition.name, where, "trigrad has no contract of this name")
        return None
    if _is_base(definition):
        return Candidate(
            row,
            definition.name,
            NOTHING,
            where,
            notes=_stubs(definition),
            unimplemented=True,
            lines=_lines(definition.node, _methods_of(definition)),
            label=_label(definition),
            places=_places(definition),
        )
    try:
        dialect = dialect_of(row, definition.value, build)
    except UnknownDialectError as error:
        why = str(error) if definition.name == row.name else f"read as {row.name}, but {error}"
        return Unjudged(definition.name, where, why, row.name)
    notes = [] if definition.name == row.name else [f"read as {row.name}"]
    if definition.earlier:
        others = "; ".join(definition.earlier)
        notes.append(f"the last complete definition is judged, not the one at {others}")
    notes += [design.note] if design else []
    notes += _supplied(definition)
    return Candidate(
        contract=row,
        name=definition.name,
        face=InProcessFace(row, dialect, tracer, frameworks()),
        where=where,
        notes=tuple(notes),
        lines=_lines(definition.node, _methods_of(definition)),
        uses=_uses(definition),
        label=_label(definition),
        places=_places(definition),
        stored=stored(definition.node),
    )


def recognise_broken(broken: Broken) -> Candidate | Unjudged:
    """The layer that a definition was to be which did not come to its end: it fails."""
    where = broken.raised.where
    reading = read_name(broken.name, function=isinstance(broken.node, ast.FunctionDef))
    if reading is None:
        return Unjudged(broken.name, where, broken.why)
    row = reading.contract
    raised = broken.raised
    if not raised.error and not raised.message.startswith("it "):
        return Unjudged(broken.name, where, raised.message, row.name)
    if not raised.error:  # it was left out, for a reason that says what it does
        raised = replace(raised, message=raised.message.removeprefix("it "), ended=True)
    notes = () if broken.name == row.name else (f"read as {row.name}",)
    start = Where(broken.chunk.file, broken.chunk.cell, broken.node.lineno)
    return Candidate(
        contract=row,
        name=broken.name,
        face=BrokenFace(raised),
        where=start,
        notes=notes,
        lines=_lines(broken.node, _method_names(broken.node)),
        label=broken.chunk.label,
        places=((broken.chunk.label, first_line(broken.node)),),
    )


def _label(definition: Definition) -> str:
    """The label of the chunk where it stands, also where it has no node of its own: a lambda."""
    return definition.chunk.label if definition.chunk else ""


def _places(*definitions: Definition) -> tuple[tuple[str, int], ...]:
    """Where they stand; nothing where one of them has no text."""
    places = tuple(definition.place for definition in definitions)
    return places if all(label for label, _ in places) else ()


def _methods_of(definition: Definition) -> Iterable[str]:
    return methods_of(definition.value) if isinstance(definition.value, type) else ()


def _method_names(node: ClassOrFunction) -> Iterable[str]:
    return methods(node) if isinstance(node, ast.ClassDef) else ()


def recognise_pair(
    pair: Pair, tracer: Tracer, frameworks: Callable[[], tuple[str, ...]] = tuple
) -> Candidate | Unjudged | None:
    """The candidate that two functions are; a lone half, or a pair of no contract, is Unjudged."""
    reading = read_name(pair.stem, function=False, affixes=False)
    row = reading.contract if reading and reading.contract.kind is Kind.LAYER else None
    where = _where(pair.halves[0])
    layer = row.name if row else ""
    if pair.forward is None or pair.backward is None:
        return Unjudged(pair.name, where, f"there is no {pair.lacking} beside it", layer)
    if row is None:
        return Unjudged(pair.name, where, "trigrad has no contract of this name")
    nodes = [d.node for d in pair.halves]
    sides = dict(zip(("forward", "backward"), nodes, strict=True))
    lines = {
        name: (node.lineno, node.end_lineno or node.lineno)
        for side, node in sides.items()
        if node is not None
        for name in (side, node.name)
    }
    lines[""] = lines.get("forward", (1, 1))
    empty = [d.name for d in pair.halves if isinstance(d.node, ast.FunctionDef) and is_stub(d.node)]
    if empty:
        note = f"not written yet: the body of {' and '.join(empty)} is empty"
        return Candidate(
            row,
            pair.name,
            NOTHING,
            where,
            (note,),
            unimplemented=True,
            lines=lines,
            label=_label(pair.halves[0]),
            places=_places(*pair.halves),
        )
    try:
        dialect = dialect_of_pair(row, pair.forward.value, pair.backward.value)
    except UnknownDialectError as error:
        return Unjudged(pair.name, where, f"read as {row.name}, but {error}", row.name)
    supplied = [note for d in pair.halves for note in _supplied(d)]
    return Candidate(
        contract=row,
        name=pair.name,
        face=InProcessFace(row, dialect, tracer, frameworks()),
        where=where,
        notes=(f"read as {row.name}", *dict.fromkeys(supplied)),
        lines=lines,
        uses=frozenset().union(*(_uses(d) for d in pair.halves)),
        label=_label(pair.halves[0]),
        places=_places(*pair.halves),
    )


def _gives_gradient(definition: Definition) -> Contract | None:
    """The contract of a function that returns a loss and its gradient: softmax_loss(x, y)."""
    reading = read_name(definition.name, function=False)
    row = reading.contract if reading else None
    if row is None or row.kind is not Kind.LAYER or not row.scalar or row.parameters:
        return None
    node = definition.node
    if not isinstance(node, ast.FunctionDef):
        return None
    pairs = [
        s
        for s in ast.walk(node)
        if isinstance(s, ast.Return) and isinstance(s.value, ast.Tuple) and len(s.value.elts) == 2
    ]
    return row if pairs or is_stub(node) else None


class _NoFace:
    """The face of what is not implemented: nobody asks it anything."""

    takes_dout = False
    frameworks = ()
    over = False

    def has(self, method: str) -> bool:
        raise AssertionError(f"an unimplemented layer was asked for {method}")

    def run(self, commands: Any) -> list[Any]:
        raise AssertionError(f"an unimplemented layer was asked for {commands}")

    def start_clock(self, share: float, at_most: float = math.inf) -> None:
        raise AssertionError(f"an unimplemented layer was given {share} or {at_most} s")

    def revive(self) -> None:
        raise AssertionError("an unimplemented layer was revived")

    def close(self) -> None:
        raise AssertionError("an unimplemented layer was closed")


NOTHING: Face = _NoFace()


def _where(definition: Definition) -> Where | None:
    if definition.node is None or definition.chunk is None:
        return None
    chunk = definition.chunk
    line = definition.node.lineno
    text = lines_of(chunk.text)[line - 1].strip()
    return Where(chunk.file, chunk.cell, line, text)


def _is_layer(definition: Definition) -> bool:
    return passes_among(methods_of(definition.value)) is not None and not _is_base(definition)


def _is_base(definition: Definition) -> bool:
    """Whether forward or backward (or a whole function) is a stub: an exercise not yet done."""
    node = definition.node
    if isinstance(node, ast.FunctionDef):
        return is_stub(node)
    if node is None:
        return False
    return bool(_empty(node))


def _stubs(definition: Definition) -> tuple[str, ...]:
    node = definition.node
    if not isinstance(node, ast.ClassDef):
        return ("not written yet: its body is empty",)
    return (f"not written yet: the body of {' and '.join(_empty(node))} is empty",)


def _empty(node: ast.ClassDef) -> list[str]:
    """The passes of a class whose bodies are stubs, forward first."""
    stubs = [name for name, method in methods(node).items() if is_pass(name) and is_stub(method)]
    return sorted(stubs, key=lambda name: side_of(name) != "forward")


def _names(definition: Definition) -> set[str]:
    if definition.node is None:
        return set()
    walk = list(ast.walk(definition.node))
    return {n.id for n in walk if isinstance(n, ast.Name)} | {
        n.attr for n in walk if isinstance(n, ast.Attribute)
    }


def _uses(definition: Definition) -> frozenset[str]:
    return frozenset(_names(definition) - {definition.name})


def _supplied(definition: Definition) -> list[str]:
    """Helpers that its text uses and its module does not define."""
    scope = getattr(definition.value, "__globals__", None)
    if scope is None:
        functions = (f for f in vars(definition.value).values() if isinstance(f, FunctionType))
        scope = next((f.__globals__ for f in functions), None)
    if scope is None or definition.node is None:
        return []
    nodes = list(ast.walk(definition.node))
    names = [n for n in nodes if isinstance(n, ast.Name)]
    inner = {n.name for n in nodes if isinstance(n, ast.FunctionDef) and n.col_offset > 4}
    own = inner | {n.id for n in names if isinstance(n.ctx, ast.Store)}
    loads = {n.id for n in names} - own
    used = [
        name
        for name, helper in HELPERS.items()
        if name in loads and scope.get(name, helper) is helper and name not in UNSAID
    ]
    builtins_of = scope.get("__builtins__")
    if isinstance(builtins_of, dict):  # what is not lent is not used
        used = [name for name in used if name in scope or name in builtins_of]
    ours = isinstance(builtins_of, dict) and builtins_of.get("np") is HELPERS["np"]
    if not used or not ours:
        return []
    was = "is" if len(used) == 1 else "are"
    return [f"{' and '.join(used)} {was} not in this file: the chapter's {was} used"]


def _lines(
    node: ClassOrFunction | None, method_names: Iterable[str] = ()
) -> dict[str, tuple[int, int]]:
    if node is None:
        return {}
    lines = {"": (node.lineno, node.end_lineno or node.lineno)}
    if isinstance(node, ast.ClassDef):
        for name, method in methods(node).items():
            lines[name] = (method.lineno, method.end_lineno or method.lineno)
        # The screen asks for forward and backward, whatever they are called.
        passes = passes_among(method_names)
        if passes is not None:
            sides = {"forward": passes.forward, "backward": passes.backward}
            lines |= {side: lines[name] for side, name in sides.items() if name in lines}
    return lines
