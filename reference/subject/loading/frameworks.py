"""Which libraries that differentiate by themselves a layer's text uses, read from the text alone.

Learners import PyTorch to compare with, which is no reproach: what counts is a name of it in the
layer, or in a function or class of the file that the layer uses.
"""

from __future__ import annotations

import ast
import contextlib
import importlib
import sys
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from trigrad.subject.loading.loaded import Definition
from trigrad.subject.source.text import Chunk

FRAMEWORKS = {
    "torch": "PyTorch",
    "tensorflow": "TensorFlow",
    "keras": "Keras",
    "jax": "JAX",
    "autograd": "autograd",
    "mxnet": "MXNet",
    "paddle": "PaddlePaddle",
    "chainer": "Chainer",
    "theano": "Theano",
}
"""By the name under which each is imported, as people call it."""


def frameworks_loaded() -> list[str]:
    """Those that Python has loaded by now."""
    return [words for name, words in FRAMEWORKS.items() if name in sys.modules]


def load_frameworks(wanted: Sequence[str]) -> None:
    """Import those of these that are installed."""
    for name, words in FRAMEWORKS.items():
        if words in wanted:
            with contextlib.suppress(ImportError):  # the layer's own import says it
                importlib.import_module(name)


def frameworks_of(
    definitions: Sequence[Definition], chunks: Mapping[str, Chunk]
) -> tuple[str, ...]:
    """The libraries that definitions of one file use, themselves or through others of it."""
    nodes = [definition.node for definition in definitions if definition.node is not None]
    chunk = definitions[0].chunk
    if not nodes or chunk is None:
        return ()
    file = chunk.file
    imported, defined = _names_in(tuple(c.text for c in chunks.values() if c.file == file))
    found: dict[str, None] = {}  # an ordered set
    seen: set[str] = set()
    waiting: list[ast.AST] = list(nodes)
    while waiting:
        node = waiting.pop()
        found |= dict.fromkeys(_imported_by([node]).values())
        names = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)} - seen
        seen |= names
        found |= dict.fromkeys(imported[name] for name in sorted(names) if name in imported)
        waiting += [defined[name] for name in names if name in defined]
    return tuple(found)


@cache
def _names_in(texts: tuple[str, ...]) -> tuple[dict[str, str], dict[str, ast.AST]]:
    """The frameworks' names in a file's texts, and what the texts define."""
    trees = [tree for text in texts if (tree := _parsed(text)) is not None]
    imported = _imported_by(trees)
    nodes = [n for tree in trees for n in tree.body]
    defined: dict[str, ast.AST] = {
        n.name: n for n in nodes if isinstance(n, ast.ClassDef | ast.FunctionDef)
    }
    return imported, defined


def _parsed(text: str) -> ast.Module | None:
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None  # a broken cell defines nothing, and is said elsewhere


def _imported_by(trees: Iterable[ast.AST]) -> dict[str, str]:
    """Names that import statements bind to a framework, or to something of one."""
    bound = {}
    for node in (n for tree in trees for n in ast.walk(tree)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.partition(".")[0]
                if top in FRAMEWORKS:
                    bound[alias.asname or top] = FRAMEWORKS[top]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            top = (node.module or "").partition(".")[0]
            if top in FRAMEWORKS:
                bound |= {alias.asname or alias.name: FRAMEWORKS[top] for alias in node.names}
    return bound
