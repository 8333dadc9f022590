"""Find optimisers: classes and functions with the name of one, that take steps."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from trigrad.contracts.optimisers import Optimiser, optimiser_named
from trigrad.contracts.schema import Contract
from trigrad.messages import Message
from trigrad.subject.broken import BrokenFace
from trigrad.subject.candidate import UNIMPLEMENTED, Candidate, Unjudged
from trigrad.subject.definition_facts import (
    label_of,
    lines_with_assigned,
    names_used_by,
    places_of,
    where_of,
)
from trigrad.subject.dialects.optimiser_dialect import dialect_of_optimiser
from trigrad.subject.dialects.optimiser_form import step_of
from trigrad.subject.dialects.signatures import UnknownDialectError, methods_of
from trigrad.subject.face import DEFINITION, Face, Raised
from trigrad.subject.inprocess import InProcessFace
from trigrad.subject.loading.loaded import Definition
from trigrad.subject.loading.traces import Tracer
from trigrad.subject.rebuilding import Rebuilder
from trigrad.subject.source.definitions import is_stub, methods


def recognise_optimiser(
    definition: Definition, tracer: Tracer, rebuilder: Rebuilder, contract: Contract | None = None
) -> Candidate | Unjudged | None:
    """An optimiser, by its name and its arguments; None for anything else.

    A caller may choose the `contract`.
    """
    value = definition.value
    row = contract if isinstance(contract, Optimiser) else None
    if row is None and contract is None:
        row = optimiser_named(definition.name, function=not isinstance(value, type))
    if row is None:
        return None
    where = where_of(definition)
    if _is_unwritten(definition):
        return _candidate(row, definition, tracer, UNIMPLEMENTED)
    try:
        dialect = dialect_of_optimiser(row, value, definition.node)
    except UnknownDialectError as error:
        return Unjudged(
            definition.name,
            where,
            str(Message("unjudged.read_as", contract=row.name, why=str(error))),
            row.name,
        )
    if dialect is None:
        return None
    found = _candidate(row, definition, tracer, InProcessFace(row, dialect, tracer))
    if not found.places:
        return found

    def recognise(definitions: Sequence[Definition]) -> Face:
        return _face_of(row, definitions[0], tracer)

    return replace(found, rebuild=partial(rebuilder.face, recognise, found.places))


def _face_of(row: Optimiser, definition: Definition, tracer: Tracer) -> Face:
    """The face of an optimiser after an edit."""
    try:
        dialect = dialect_of_optimiser(row, definition.value, definition.node)
    except UnknownDialectError as error:
        return BrokenFace(Raised(DEFINITION, "", str(error), unjudged=str(error)))
    if dialect is None:
        return BrokenFace(
            Raised(DEFINITION, "", str(Message("unread.no_step")), unjudged=definition.name)
        )
    return InProcessFace(row, dialect, tracer)


def _candidate(row: Optimiser, definition: Definition, tracer: Tracer, face: Face) -> Candidate:
    node = definition.node
    is_class = isinstance(definition.value, type)
    names = methods_of(definition.value) if is_class else ()
    lines = lines_with_assigned(definition, names, tracer)
    if isinstance(node, ast.FunctionDef):
        lines[node.name] = node.lineno, node.end_lineno or node.lineno
    empty = face is UNIMPLEMENTED
    step = step_of(definition.value) if is_class else definition.name
    return Candidate(
        contract=row,
        name=definition.name,
        face=face,
        where=where_of(definition),
        notes=(str(Message("optimiser.unwritten", step=step)),) if empty else (),
        unimplemented=empty,
        lines=lines,
        uses=names_used_by(definition),
        parts=(step,),
        label=label_of(definition),
        places=places_of(definition),
    )


def _is_unwritten(definition: Definition) -> bool:
    """Whether the step has no code yet."""
    node = definition.node
    if isinstance(node, ast.FunctionDef):
        return False  # only its arguments would show that it is an optimiser
    if not isinstance(node, ast.ClassDef):
        return False
    step = step_of(definition.value)
    written = methods(node)
    return step in written and is_stub(written[step]) and "__init__" in written
