"""Recognise a definition as a layer, or find the reason why it cannot be judged."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from trigrad.contracts.schema import Contract, Kind
from trigrad.messages import Message, joined
from trigrad.subject.broken import BrokenFace
from trigrad.subject.candidate import UNIMPLEMENTED, Candidate, Unjudged
from trigrad.subject.definition_facts import (
    has_stub,
    label_of,
    lines_of_methods,
    lines_with_assigned,
    names_used_by,
    notes_on_assigned,
    places_of,
    stub_passes,
    text_beside,
    where_of,
)
from trigrad.subject.dialects import dialect_of, dialect_of_pair
from trigrad.subject.dialects.signatures import UnknownDialectError, methods_of
from trigrad.subject.face import Raised, Where
from trigrad.subject.gradcheck_call import call_for_pair
from trigrad.subject.inprocess import InProcessFace
from trigrad.subject.loading.helper_selection import helpers_used_by
from trigrad.subject.loading.loaded import BrokenDefinition, Definition
from trigrad.subject.loading.traces import Tracer
from trigrad.subject.pairing import Pair
from trigrad.subject.source.contract_names import match_name
from trigrad.subject.source.definitions import ClassOrFunction, first_line, is_stub, methods
from trigrad.subject.source.gradient_code import returns_its_backward
from trigrad.subject.source.misspelt_methods import misspelt_methods
from trigrad.subject.source.passes import passes_among
from trigrad.subject.source.stored_attributes import stored_attributes
from trigrad.subject.source.text import Chunk, lines_of
from trigrad.subject.source.walking import walk
from trigrad.subject.trained_numbers import trains


def recognise(
    definition: Definition,
    tracer: Tracer,
    contract: Contract | None,
    build: Callable[..., Any] | None,
    frameworks: Callable[[], tuple[str, ...]] = tuple,
) -> Candidate | Unjudged | None:
    """Recognise a class or function; None if it has nothing to do with layers.

    A caller may choose the `contract`, and `build` to make its objects. `frameworks` returns the
    autodiff libraries that its text uses.
    """
    is_class = isinstance(definition.value, type)
    match = match_name(definition.name, function=not is_class)
    row = contract or (match.contract if match else None)
    if row is None and not is_class:
        row = _contract_of_single_function(definition)
    where = where_of(definition)
    uses = names_used_by(definition) if row else frozenset()
    reading = row.reading_named_in(uses) if row else None
    row = reading.contract if reading else row
    if row is None or (not is_class and returns_its_backward(definition.node)):
        # What has a text is looked through for gradient code later (`leftovers`).
        if definition.node is None and is_class and _is_layer(definition):
            return Unjudged(definition.name, where, str(Message("unjudged.layer")))
        return None
    if has_stub(definition):
        return Candidate(
            row,
            definition.name,
            UNIMPLEMENTED,
            where,
            notes=_stub_notes(definition),
            unimplemented=True,
            lines=lines_of_methods(definition.node, _methods_of(definition)),
            label=label_of(definition),
            places=places_of(definition),
        )
    misspelt = misspelling(definition, row)
    if misspelt is not None:
        return _broken(definition.node, definition.chunk, row, misspelt)
    try:
        beside = text_beside(definition, tracer)
        dialect = dialect_of(row, definition.value, build, beside)
    except UnknownDialectError as error:
        why = (
            str(error)
            if definition.name == row.name
            else str(Message("unjudged.read_as", contract=row.name, why=str(error)))
        )
        return Unjudged(definition.name, where, why, row.name)
    notes: list[str] = []
    if definition.earlier:
        others = joined("list.sentences", definition.earlier)
        notes.append(str(Message("note.last", others=others)))
    notes += _supplied_notes(definition)
    notes += notes_on_assigned(definition, tracer)
    return Candidate(
        contract=row,
        name=definition.name,
        face=InProcessFace(row, dialect, tracer, frameworks()),
        where=where,
        notes=tuple(notes),
        lines=lines_with_assigned(definition, _methods_of(definition), tracer),
        uses=uses,
        chosen=contract is not None,
        version=contract is None and match is not None and match.version,
        trained=is_class and not row.parameters and trains(definition.value),
        label=label_of(definition),
        places=places_of(definition),
        stored=stored_attributes(definition.node),
    )


def recognise_broken(broken: BrokenDefinition) -> Candidate | Unjudged:
    """Recognise a definition that failed; as a layer it fails, with that error."""
    where = broken.raised.where
    match = match_name(broken.name, function=isinstance(broken.node, ast.FunctionDef))
    if match is None:
        return Unjudged(broken.name, where, broken.why)
    row = match.contract
    if not broken.raised.error and not broken.raised.ended:  # skipped through no fault of its own
        return Unjudged(broken.name, where, broken.raised.message, row.name)
    return _broken(broken.node, broken.chunk, row, broken.raised)


def _broken(
    node: ClassOrFunction | None, chunk: Chunk | None, row: Contract, raised: Raised
) -> Candidate:
    """The layer of a definition that cannot be run as it is meant; it fails with that error."""
    assert node is not None, "a definition that fails has a text"
    assert chunk is not None, "a definition that fails has a text"
    return Candidate(
        contract=row,
        name=node.name,
        face=BrokenFace(raised),
        where=Where(chunk.file, chunk.cell, node.lineno),
        lines=lines_of_methods(node, _method_names(node)),
        label=chunk.label,
        places=((chunk.label, first_line(node)),),
    )


def misspelling(definition: Definition, row: Contract) -> Raised | None:
    """What fails in a class with a misspelled method, at its line; None if there is none."""
    node, chunk = definition.node, definition.chunk
    if not isinstance(node, ast.ClassDef) or chunk is None:
        return None
    found = misspelt_methods(node, row.kind)
    if not found:
        return None
    wrong, right = next(iter(found.items()))
    line = methods(node)[wrong].lineno
    text = lines_of(chunk.text)[line - 1].strip()
    words = f"{Message('misspelt')}{Message('fix.meant', name=right)}"
    return Raised(wrong, "", words, Where(chunk.file, chunk.cell, line, text))


def _methods_of(definition: Definition) -> Iterable[str]:
    return methods_of(definition.value) if isinstance(definition.value, type) else ()


def _method_names(node: ClassOrFunction) -> Iterable[str]:
    return methods(node) if isinstance(node, ast.ClassDef) else ()


def recognise_pair(
    pair: Pair, tracer: Tracer, frameworks: Callable[[], tuple[str, ...]] = tuple
) -> Candidate | Unjudged | None:
    """Recognise a pair of functions; Unjudged if one is missing or there is no contract for it."""
    match = match_name(pair.stem, function=False, affixes=False)
    row = match.contract if match and match.contract.kind is Kind.LAYER else None
    where = where_of(pair.halves[0])
    layer = row.name if row else ""
    if pair.forward is None or pair.backward is None:
        return Unjudged(pair.name, where, str(Message("unread.beside", name=pair.lacking)), layer)
    nodes = [d.node for d in pair.halves]
    if row is None:
        return Unjudged(pair.name, where, str(Message("unjudged.layer")), todo=_todo(nodes))
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
        note = str(Message("note.empty", names=tuple(empty), count=len(empty)))
        return Candidate(
            row,
            pair.name,
            UNIMPLEMENTED,
            where,
            (note,),
            unimplemented=True,
            lines=lines,
            label=label_of(pair.halves[0]),
            places=places_of(*pair.halves),
        )
    try:
        dialect = dialect_of_pair(row, pair.forward.value, pair.backward.value)
    except UnknownDialectError as error:
        return Unjudged(
            pair.name,
            where,
            str(Message("unjudged.read_as", contract=row.name, why=str(error))),
            row.name,
        )
    supplied = [note for d in pair.halves for note in _supplied_notes(d)]
    return Candidate(
        contract=row,
        name=pair.name,
        face=InProcessFace(row, dialect, tracer, frameworks()),
        where=where,
        notes=tuple(dict.fromkeys(supplied)),
        lines=lines,
        version=match is not None and match.version,
        uses=frozenset().union(*(names_used_by(d) for d in pair.halves)),
        label=label_of(pair.halves[0]),
        places=places_of(*pair.halves),
    )


def _todo(nodes: Sequence[ClassOrFunction | None]) -> str:
    """What checks a pair without a contract."""
    forward, backward = nodes
    if isinstance(forward, ast.FunctionDef) and isinstance(backward, ast.FunctionDef):
        call = call_for_pair(forward, backward)
        return str(Message("unjudged.todo", call=call)) if call else ""
    return ""


def _contract_of_single_function(definition: Definition) -> Contract | None:
    """The contract of a function that returns a loss and its gradient: softmax_loss(x, y)."""
    match = match_name(definition.name, function=False)
    row = match.contract if match else None
    if row is None or row.kind is not Kind.LAYER or not row.scalar or row.parameters:
        return None
    node = definition.node
    if not isinstance(node, ast.FunctionDef):
        return None
    pairs = [
        s
        for s in walk(node)
        if isinstance(s, ast.Return) and isinstance(s.value, ast.Tuple) and len(s.value.elts) == 2
    ]
    return row if pairs or is_stub(node) else None


def _is_layer(definition: Definition) -> bool:
    return passes_among(methods_of(definition.value)) is not None and not has_stub(definition)


def _stub_notes(definition: Definition) -> tuple[str, ...]:
    node = definition.node
    if not isinstance(node, ast.ClassDef):
        return (str(Message("note.not_written")),)
    empty = tuple(stub_passes(node))
    return (str(Message("note.empty", names=empty, count=len(empty))),)


def _supplied_notes(definition: Definition) -> list[str]:
    names = helpers_used_by(definition)
    if not names:
        return []
    return [str(Message("note.supplied", names=tuple(names), count=len(names)))]
