"""The cells that a notebook has run, as one source: what was run again counts as it was run last.

The cells are read as they were typed, and have the numbers that the notebook shows beside them. So
a class finds its base and its helpers in whichever cell they are, with their lines.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Mapping
from pathlib import Path

from trigrad.messages import Message
from trigrad.subject.source.definitions import ClassOrFunction, first_line
from trigrad.subject.source.magics import without_magics
from trigrad.subject.source.parsing import parsed
from trigrad.subject.source.resolution import key_of, with_neighbours
from trigrad.subject.source.text import Chunk, Module, Source, lines_of
from trigrad.subject.source.walking import walk


def source_of(cells: Mapping[int, str], folder: Path, only: int | None = None) -> Source:
    """The definitions of the cells that were run, by their execution numbers.

    `folder` is where modules are looked for that they import. With `only`, the layers of that cell
    alone are judged. A cell that is not Python is left out.
    """
    shown = str(Message("path.notebook"))  # a kernel does not know the name of its file
    later: set[str] = set()
    chunks: list[Chunk] = []
    for number in sorted(cells, reverse=True):
        text = without_magics(cells[number])
        tree = parsed(text)
        if tree is not None and tree.body:
            chunks.append(Chunk(_still_there(text, tree, later), shown, number))
    chunks.reverse()
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(f"{chunk.cell}\0{chunk.text}\0".encode(errors="replace"))
    file = folder.resolve() / "notebook.ipynb"  # need not be there: it has no text of its own
    module = Module("notebook", key_of(file), tuple(chunks))
    modules, notes = with_neighbours(file.parent, {file: module})
    return Source(shown, digest.hexdigest(), modules, notes, only_cell=only)


def defined_in(source: Source) -> set[str]:
    """The classes and functions that the cells define."""
    trees = (parsed(chunk.text) for chunk in source.modules[0].chunks)
    bodies = (node for tree in trees if tree is not None for node in tree.body)
    return {node.name for node in bodies if isinstance(node, ClassOrFunction)}


def _still_there(text: str, tree: ast.Module, later: set[str]) -> str:
    """The cell without the definitions that a later one replaces; line numbers stay the same.

    `later` has the names that are defined below, and is given those of this cell.
    """
    lines = lines_of(text)
    for node in reversed(tree.body):
        if not isinstance(node, ClassOrFunction):
            continue
        if node.name in later:
            first, last = first_line(node), node.end_lineno or node.lineno
            lines[first - 1 : last] = [""] * (last - first + 1)
        elif not _extends_itself(node):
            later.add(node.name)
    return "\n".join(lines)


def _extends_itself(node: ClassOrFunction) -> bool:
    """Whether a definition uses what had its name before, as `class Affine(Affine)` does."""
    heads = [*node.decorator_list, *(node.bases if isinstance(node, ast.ClassDef) else ())]
    names = (each for head in heads for each in walk(head) if isinstance(each, ast.Name))
    return any(each.id == node.name for each in names)
