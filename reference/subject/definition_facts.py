"""What the text of a definition shows: its place, its lines, the names it uses, its stubs."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from trigrad.messages import Message
from trigrad.subject.dialects.discovery import Beside
from trigrad.subject.face import Where
from trigrad.subject.loading.loaded import Definition
from trigrad.subject.loading.traces import Tracer
from trigrad.subject.source.cleared_attributes import place_that_clears
from trigrad.subject.source.definitions import ClassOrFunction, first_line, is_stub, methods
from trigrad.subject.source.gradient_steps import trains_without_clearing
from trigrad.subject.source.parsing import parsed
from trigrad.subject.source.passes import is_pass, passes_among, side_of
from trigrad.subject.source.signs import has_batches
from trigrad.subject.source.text import Chunk, lines_of
from trigrad.subject.source.walking import walk


def where_of(definition: Definition) -> Where | None:
    """The place of a definition; None if its text is unknown."""
    if definition.node is None or definition.chunk is None:
        return None
    chunk = definition.chunk
    line = definition.node.lineno
    text = lines_of(chunk.text)[line - 1].strip()
    return Where(chunk.file, chunk.cell, line, text)


def label_of(definition: Definition) -> str:
    """The label of its chunk, which a lambda without a syntax tree of its own has too."""
    return definition.chunk.label if definition.chunk else ""


def places_of(*definitions: Definition) -> tuple[tuple[str, int], ...]:
    """The places of definitions; () if the text of one is unknown, or is not all of it."""
    places = tuple(definition.place for definition in definitions)
    whole = not any(definition.patched for definition in definitions)
    return places if whole and all(label for label, _ in places) else ()


def text_beside(definition: Definition, tracer: Tracer) -> Beside:
    """Tells where the text around a layer sets attributes to zero, other than in its passes.

    And whether that trains with them, and whether anything in its own file is for batches.
    """
    classes = [cls.__name__ for cls in getattr(definition.value, "__mro__", ())]
    chunks = tracer.beside(label_of(definition))
    around = tracer.around(label_of(definition))
    return Beside(
        lambda names, holders: place_that_clears(around, names, {*classes, *holders}),
        lambda names: trains_without_clearing(around, names, classes),
        lambda: any(has_batches(chunk.text) for chunk in chunks),
    )


def lines_of_methods(
    node: ClassOrFunction | None,
    method_names: Iterable[str] = (),
    assigned: Mapping[str, tuple[int, int] | None] = MappingProxyType({}),
) -> dict[str, tuple[int, int]]:
    """The first and last line of each method, of the two passes, and of the whole ("").

    `method_names` are those of the class, inherited ones too, by which its passes are found.
    `assigned` has the lines of methods that are assigned to it below; None: not in its text.
    """
    if node is None:
        return {}
    lines = {"": (node.lineno, node.end_lineno or node.lineno)}
    if isinstance(node, ast.ClassDef):
        for name, method in methods(node).items():
            lines[name] = (method.lineno, method.end_lineno or method.lineno)
        for name, span in assigned.items():
            lines.pop(name, None)
            lines |= {name: span} if span is not None else {}
        # The report looks up "forward" and "backward", whatever their names are.
        passes = passes_among(method_names)
        if passes is not None:
            sides = {"forward": passes.forward, "backward": passes.backward}
            lines |= {side: lines[name] for side, name in sides.items() if name in lines}
    return lines


def assigned_methods(definition: Definition, tracer: Tracer) -> dict[str, Where]:
    """The places of the functions that are assigned to a class below it, by the methods' names."""
    if not definition.patched or definition.node is None or definition.chunk is None:
        return {}
    own = range(definition.node.lineno, (definition.node.end_lineno or 0) + 1)
    found: dict[str, Where] = {}
    for name, value in vars(definition.value).items():
        code = getattr(getattr(value, "__func__", value), "__code__", None)
        where = tracer.where(code.co_filename, code.co_firstlineno) if code is not None else None
        if code is not None and where is not None:
            inside = code.co_filename == definition.chunk.label and code.co_firstlineno in own
            if not inside:
                found[name] = where
    return found


def lines_with_assigned(
    definition: Definition, method_names: Iterable[str], tracer: Tracer
) -> dict[str, tuple[int, int]]:
    """The lines of a class's methods, of those that are assigned to it below, too.

    What is assigned from another cell or file has no lines here.
    """
    assigned = assigned_methods(definition, tracer)
    node, chunk = definition.node, definition.chunk
    if not assigned or chunk is None:
        return lines_of_methods(node, method_names)
    tree = parsed(chunk.text)
    ends = {
        first_line(n) if isinstance(n, ast.FunctionDef) else n.lineno: n.end_lineno or n.lineno
        for n in (walk(tree) if tree is not None else ())
        if isinstance(n, ast.FunctionDef | ast.Lambda)
    }
    spans = {
        name: (where.line, ends.get(where.line, where.line))
        for name, where in assigned.items()
        if (where.file, where.cell) == (chunk.file, chunk.cell)
    }
    return lines_of_methods(node, method_names, dict.fromkeys(assigned) | spans)


def notes_on_assigned(definition: Definition, tracer: Tracer) -> list[str]:
    """Where the methods stand that are assigned to a class below it."""
    chunk = definition.chunk
    return [
        str(Message("assigned", name=name, place=_seen(where, chunk)))
        for name, where in assigned_methods(definition, tracer).items()
    ]


def _seen(where: Where, chunk: Chunk | None) -> str:
    line = Message("place.lines", numbers=str(where.line), count=1)
    other = chunk is not None and where.file != chunk.file
    if where.cell and other:
        said = Message("place.in_file_and_cell", file=where.file, cell=where.cell, lines=line)
    elif where.cell:
        said = Message("place.in_cell", cell=where.cell, lines=line)
    else:
        said = Message("place.in_file", file=where.file, lines=line) if other else line
    return str(said)


def names_used_by(definition: Definition) -> frozenset[str]:
    """The names that a definition's text mentions, except its own."""
    return frozenset(_all_names(definition) - {definition.name})


def _all_names(definition: Definition) -> set[str]:
    if definition.node is None:
        return set()
    nodes = list(walk(definition.node))
    return {n.id for n in nodes if isinstance(n, ast.Name)} | {
        n.attr for n in nodes if isinstance(n, ast.Attribute)
    }


def has_stub(definition: Definition) -> bool:
    """Whether forward, backward or the whole function is a stub: an exercise not yet done."""
    node = definition.node
    if isinstance(node, ast.FunctionDef):
        return is_stub(node)
    if node is None:
        return False
    return bool(stub_passes(node))


def stub_passes(node: ast.ClassDef) -> list[str]:
    """The passes of a class whose bodies are stubs, forward first."""
    stubs = [name for name, method in methods(node).items() if is_pass(name) and is_stub(method)]
    return sorted(stubs, key=lambda name: side_of(name) != "forward")
