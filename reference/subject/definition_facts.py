"""What the text of a definition shows: its place, its lines, the names it uses, its stubs."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from trigrad.subject.dialects.discovery import Beside
from trigrad.subject.face import Where
from trigrad.subject.loading.loaded import Definition
from trigrad.subject.loading.traces import Tracer
from trigrad.subject.source.cleared_attributes import place_that_clears
from trigrad.subject.source.definitions import ClassOrFunction, is_stub, methods
from trigrad.subject.source.passes import is_pass, passes_among, side_of
from trigrad.subject.source.signs import has_batches
from trigrad.subject.source.text import lines_of


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
    """Tells where the file of a layer sets attributes to zero, other than in its passes.

    And whether anything in it is for batches.
    """
    classes = [cls.__name__ for cls in getattr(definition.value, "__mro__", ())]
    chunks = tracer.beside(label_of(definition))
    return Beside(
        lambda names: place_that_clears(chunks, names, classes),
        lambda: any(has_batches(chunk.text) for chunk in chunks),
    )


def lines_of_methods(
    node: ClassOrFunction | None, method_names: Iterable[str] = ()
) -> dict[str, tuple[int, int]]:
    """The first and last line of each method, of the two passes, and of the whole ("").

    `method_names` are those of the class, inherited ones too, by which its passes are found.
    """
    if node is None:
        return {}
    lines = {"": (node.lineno, node.end_lineno or node.lineno)}
    if isinstance(node, ast.ClassDef):
        for name, method in methods(node).items():
            lines[name] = (method.lineno, method.end_lineno or method.lineno)
        # The report looks up "forward" and "backward", whatever their names are.
        passes = passes_among(method_names)
        if passes is not None:
            sides = {"forward": passes.forward, "backward": passes.backward}
            lines |= {side: lines[name] for side, name in sides.items() if name in lines}
    return lines


def names_used_by(definition: Definition) -> frozenset[str]:
    """The names that a definition's text mentions, except its own."""
    return frozenset(_all_names(definition) - {definition.name})


def _all_names(definition: Definition) -> set[str]:
    if definition.node is None:
        return set()
    walk = list(ast.walk(definition.node))
    return {n.id for n in walk if isinstance(n, ast.Name)} | {
        n.attr for n in walk if isinstance(n, ast.Attribute)
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
