"""A file's structure: its tree without names, comments and docstrings.

Two files with the same structure are alike but for those. What that means is for the teacher to
say: a short exercise has few right solutions.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator
from pathlib import Path

from trigrad.grade.record import Structure
from trigrad.subject.source.chunks import chunks_of
from trigrad.subject.source.parsing import parsed
from trigrad.subject.source.text import UnreadableError


def structure_of(file: Path, path: str) -> Structure | None:
    """The structure of a file, whose path within the submission is `path`; None if it has none.

    Raises:
        OSError: it cannot be read.
    """
    try:
        chunks = chunks_of(file.read_bytes(), file.suffix, path)
    except UnreadableError:
        return None
    digest = hashlib.sha256()
    names: dict[str, int] = {}
    nodes = 0
    for chunk in chunks:
        tree = parsed(chunk.text)
        if tree is None:
            continue
        for part in _parts(tree, names):
            digest.update(part.encode("utf-8", "surrogatepass") + b"\0")
            nodes += part.endswith("(")
    return Structure(path, digest.hexdigest(), nodes) if nodes > len(chunks) else None


def _parts(tree: ast.AST, names: dict[str, int]) -> Iterator[str]:
    """The tree from left to right; a name is the number of names that came before it.

    Without recursion: a text may be nested as deep as Python's parser allows.
    """
    waiting: list[object] = [tree]
    while waiting:
        value = waiting.pop()
        if isinstance(value, ast.AST):
            if _is_docstring(value):
                continue
            yield f"{type(value).__name__}("
            fields = [each for name, each in ast.iter_fields(value) if name != "type_comment"]
            named = isinstance(value, ast.Constant)
            waiting += [")", *((repr(f),) if named else f for f in reversed(fields))]
        elif isinstance(value, list):
            waiting += ["]", *reversed(value), "["]
        elif isinstance(value, tuple):
            yield value[0]
        elif isinstance(value, str) and value not in ("(", ")", "[", "]"):
            yield str(names.setdefault(value, len(names)))
        else:
            yield str(value)


def _is_docstring(node: ast.AST) -> bool:
    """Whether it is a string by itself, which does nothing."""
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )
